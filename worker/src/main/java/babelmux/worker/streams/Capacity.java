package babelmux.worker.streams;

import babelmux.worker.config.AdmissionConfig;
import babelmux.worker.metrics.RefusalReason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether the worker has the memory and the CPU for one more stream. Functions of values.
 */
final class Capacity {

  /** Memory of a stream beside what waits for its time: codecs, connections, threads. */
  static final long STREAM_BYTES = 10L << 20;

  /** Memory that is left alone at least; a tenth of the limit when that is more. */
  static final long MIN_RESERVE_BYTES = 64L << 20;

  private static final int RESERVE_PART = 10;
  private static final long BITS_MILLIS = 8_000;

  private Capacity() {}

  /**
   * A stream that runs.
   *
   * @param bitrateBps bits a second that it has; 0 while that is not known
   * @param readingMillis for how long it has been reading; 0 when it has read nothing
   */
  record Running(long bitrateBps, long readingMillis) {}

  /**
   * The state of the worker.
   *
   * @param streams those that run and do not end
   * @param late whether packets leave late, by {@link LatenessWatch}
   */
  record Load(List<Running> streams, Memory memory, boolean late) {}

  /** What is lacking for one more stream; empty when nothing is. */
  static Optional<Shortage> shortage(Load load, AdmissionConfig config, Duration delay) {
    Optional<Shortage> memory = config.memory() ? memory(load, config, delay) : Optional.empty();
    return memory.isPresent() || !config.cpu() ? memory : cpu(load);
  }

  private static Optional<Shortage> memory(Load load, AdmissionConfig config, Duration delay) {
    Memory memory = load.memory();
    if (memory.limitBytes() == Long.MAX_VALUE) {
      return Optional.empty();
    }
    long bitrateBps = expectedBps(load.streams(), config.bitrateBps());
    long needBytes = streamBytes(bitrateBps, delay);
    // What the others have not filled yet is not resident, and not free either.
    long promisedBytes =
        load.streams().stream()
            .mapToLong(stream -> unfilled(stream, needBytes, delay.toMillis()))
            .sum();
    long freeBytes =
        memory.limitBytes()
            - memory.residentBytes()
            - promisedBytes
            - reserveBytes(memory.limitBytes());
    return needBytes <= freeBytes
        ? Optional.empty()
        : Optional.of(
            new Shortage(
                RefusalReason.MEMORY,
                "a stream of %d kbit/s needs %d MiB at this delay; %d of %d MiB are in use, and %d MiB promised"
                    .formatted(
                        bitrateBps / 1000,
                        needBytes >> 20,
                        memory.residentBytes() >> 20,
                        memory.limitBytes() >> 20,
                        promisedBytes >> 20)));
  }

  /** The memory of a stream that waits for its time. */
  static long streamBytes(long bitrateBps, Duration delay) {
    return bitrateBps * delay.toMillis() / BITS_MILLIS + STREAM_BYTES;
  }

  /** The memory that is left alone. */
  static long reserveBytes(long limitBytes) {
    return Math.max(MIN_RESERVE_BYTES, limitBytes / RESERVE_PART);
  }

  /** The mean of the streams that run, and at least the setting. */
  private static long expectedBps(List<Running> streams, long minBps) {
    double mean =
        streams.stream()
            .filter(stream -> stream.bitrateBps() > 0)
            .mapToLong(Running::bitrateBps)
            .average()
            .orElse(0);
    return Math.max(minBps, Math.round(mean));
  }

  private static long unfilled(Running stream, long needBytes, long delayMillis) {
    long left = Math.max(0, delayMillis - stream.readingMillis());
    return needBytes * left / delayMillis;
  }

  private static Optional<Shortage> cpu(Load load) {
    return load.late() && !load.streams().isEmpty()
        ? Optional.of(
            new Shortage(
                RefusalReason.CPU,
                "over 1 %% of the packets of %d streams leave more than %d ms late, for %d s now"
                    .formatted(
                        load.streams().size(),
                        LatenessWatch.LATE_NANOS / 1_000_000,
                        LatenessWatch.WINDOWS * LatenessWatch.WINDOW_NANOS / 1_000_000_000)))
        : Optional.empty();
  }
}
