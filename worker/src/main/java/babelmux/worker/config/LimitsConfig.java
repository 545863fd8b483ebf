package babelmux.worker.config;

import java.time.Duration;
import java.util.List;

/**
 * Limits of streams at a time and of the drain.
 *
 * @param maxStreams streams that run at the same time
 * @param drainLimit how long running streams may drain after SIGTERM
 */
public record LimitsConfig(int maxStreams, Duration drainLimit) {

  private static final Duration DRAIN_SPARE = Duration.ofSeconds(10);

  static final Setting<Integer> MAX_STREAMS =
      Setting.of(
          "max-streams",
          Parsers.integer("a number", 1, 10_000),
          "100",
          "Streams that run at the same time; a further one is refused with 503, unless it can take the"
              + " place of one that has read no packet. Streams that read are never hurt.");

  static final Setting<Duration> DRAIN_LIMIT =
      Setting.optional(
          "drain-limit",
          Parsers.duration(Duration.ZERO, Duration.ofHours(1)),
          "delay + 10s",
          "How long running streams may drain after SIGTERM. Containers need a stop grace that is"
              + " longer.");

  static final List<Setting<?>> SETTINGS = List.of(MAX_STREAMS, DRAIN_LIMIT);

  static LimitsConfig from(Values values, Duration delay) {
    return new LimitsConfig(
        values.get(MAX_STREAMS), values.find(DRAIN_LIMIT).orElse(delay.plus(DRAIN_SPARE)));
  }
}
