package babelmux.app;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The size that a worker's Java heap needs. Packets and dubs wait outside it; inside are the
 * objects that name them, and the fragments and answers on their way. Pure.
 */
final class HeapNeed {
  private static final long MIB = 1 << 20;
  private static final long BASE_BYTES = 64 * MIB;
  // Measured at 10 streams: 0.4 MiB is alive at a delay of 14.5 s, most of it one object for each
  // packet that waits. The rest is room for a fragment, an answer, and what the collector moves.
  private static final long STREAM_BYTES = 3 * MIB / 2;
  private static final long STREAM_BYTES_PER_SECOND = 16 * 1024;

  private HeapNeed() {}

  /** The heap that so many streams need, in bytes. */
  static long bytes(int streams, Duration delay) {
    double seconds = delay.toMillis() / 1000.0;
    return BASE_BYTES + streams * (STREAM_BYTES + Math.round(seconds * STREAM_BYTES_PER_SECOND));
  }

  /**
   * The warning that the heap's ceiling is too low for the streams that may come; empty when it is
   * not.
   *
   * @param ceilingBytes the size that the heap may grow to
   */
  static Optional<String> warning(long ceilingBytes, int streams, Duration delay) {
    long need = bytes(streams, delay);
    return need <= ceilingBytes
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "the Java heap may grow to %d MiB; max-streams %d at this delay needs %d MiB: start"
                    + " with BABELMUX_JAVA_OPTS=-Xmx%dm",
                ceilingBytes / MIB,
                streams,
                mebibytes(need),
                mebibytes(need)));
  }

  private static long mebibytes(long bytes) {
    return (bytes + MIB - 1) / MIB;
  }
}
