package babelmux.app.doctor;

import babelmux.worker.config.WorkerConfig;
import babelmux.worker.streams.MemoryNeed;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.OptionalLong;

/** Looks whether memory and descriptors are enough for the streams that may come. */
final class Room {
  /** What a worker without streams has. */
  private static final long IDLE_BYTES = 250L << 20;

  private static final long IDLE_DESCRIPTORS = 150;

  /** Connections, threads and files of a stream with a destination of its own. */
  private static final long STREAM_DESCRIPTORS = 8;

  /** Streams that there should be room for where nobody has said how many are wanted. */
  private static final int USUAL_STREAMS = 10;

  private Room() {}

  /**
   * @param usedBytes what this process has, with the streams that it has
   * @param running how many these are: they have their room already
   */
  static Finding memory(WorkerConfig config, boolean limitWasChosen, long usedBytes, int running) {
    OptionalLong limit = MemoryNeed.limitBytes();
    if (limit.isEmpty()) {
      return Finding.ok("memory", "nothing limits it");
    }
    long used = Math.max(IDLE_BYTES, usedBytes);
    Duration delay = config.delay().delay();
    int bitrate = config.admission().bitrateBps();
    long streams = running + MemoryNeed.streams(limit.getAsLong(), used, bitrate, delay);
    return memory(
        streams,
        limitWasChosen ? config.limits().maxStreams() : 1,
        "%d MiB hold %d streams of %d kbit/s at a delay of %s s"
            .formatted(limit.getAsLong() >> 20, streams, bitrate / 1000, delay.toMillis() / 1e3));
  }

  /**
   * Judges the memory. Pure.
   *
   * @param fits how many streams fit
   * @param wanted how many somebody asked for
   */
  static Finding memory(long fits, int wanted, String text) {
    if (fits < 1) {
      return Finding.of(
          Code.MEMORY, text, "give it more memory, or set a smaller delay or admission.bitrate");
    }
    return fits < wanted
        ? Finding.of(
            Code.MEMORY_STREAMS,
            text,
            "set max-streams to %d or less, or give it more memory; further streams are refused"
                .formatted(fits))
        : Finding.ok("memory", text);
  }

  static Finding descriptors(WorkerConfig config, boolean limitWasChosen) {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? descriptors(
            system.getMaxFileDescriptorCount(),
            limitWasChosen
                ? config.limits().maxStreams()
                : Math.min(USUAL_STREAMS, config.limits().maxStreams()))
        : Finding.unknown("descriptors", "this system does not tell how many there may be");
  }

  /**
   * Judges the limit of descriptors. Pure.
   *
   * @param wanted how many streams somebody asked for
   */
  static Finding descriptors(long limit, int wanted) {
    long fits = Math.max(0, (limit - IDLE_DESCRIPTORS) / STREAM_DESCRIPTORS);
    String text = "%d are enough for %d streams".formatted(limit, fits);
    return fits < wanted
        ? Finding.of(
            Code.DESCRIPTORS,
            text,
            "raise the limit to %d: ulimit -n, LimitNOFILE= of systemd, ulimits of compose"
                .formatted(IDLE_DESCRIPTORS + wanted * STREAM_DESCRIPTORS))
        : Finding.ok("descriptors", text);
  }
}
