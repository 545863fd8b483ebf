package babelmux.worker.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The constant delay from source time to output time, and what of it the STS may use.
 *
 * @param delay D: sample t of the source leaves at t + D; 6.5 s or more
 * @param stsLimit a fragment's deadline, counted from the moment its segment was cut; at most D -
 *     6.5 s
 */
public record DelayConfig(Duration delay, Duration stsLimit) {

  /** Length of a segment. */
  public static final Duration SEGMENT = Duration.ofSeconds(6);

  /**
   * The time between a fragment's deadline and its segment's release. A benchmark alone makes it
   * shorter, with this property: it finds out how much of it is needed.
   */
  public static final Duration MARGIN =
      Duration.ofMillis(Integer.getInteger("babelmux.bench.margin-ms", 500));

  private static final Duration MIN_DELAY = SEGMENT.plus(MARGIN);

  static final Setting<Duration> DELAY =
      Setting.of(
          "delay",
          Parsers.duration(MIN_DELAY, Duration.ofMinutes(10)),
          "14.5s",
          "D, the constant time from source to output: 6s segment + time for the STS + 0.5s. The"
              + " memory of a stream grows with it.");

  static final Setting<Duration> STS_LIMIT =
      Setting.optional(
              "sts.limit",
              Parsers.duration(Duration.ofMillis(1), Duration.ofMinutes(9)),
              "delay - 6.5s",
              "How long the STS may take for a fragment. Set alone, it sets the delay: 6s + limit + 0.5s."
                  + " Set beside a delay, it must fit into it.")
          .env(EnvName.millis("WORKER_STS_TIMEOUT_MS"));

  static final List<Setting<?>> SETTINGS = List.of(DELAY, STS_LIMIT);

  public DelayConfig {
    if (delay.compareTo(MIN_DELAY.plus(stsLimit)) < 0) {
      throw new IllegalArgumentException(
          "they contradict each other: expected a delay of at least %s (6s segment + limit + 0.5s) or a limit of at most %s"
              .formatted(
                  Durations.format(MIN_DELAY.plus(stsLimit)),
                  Durations.format(delay.minus(MIN_DELAY))));
    }
  }

  /** With all that the delay leaves for the STS. */
  public static DelayConfig of(Duration delay) {
    return new DelayConfig(delay, delay.minus(MIN_DELAY));
  }

  /** With the delay that the STS limit needs. */
  public static DelayConfig ofStsLimit(Duration limit) {
    return new DelayConfig(MIN_DELAY.plus(limit), limit);
  }

  static DelayConfig from(Values values) {
    Duration delay = values.get(DELAY);
    Optional<Duration> limit = values.find(STS_LIMIT);
    if (limit.isEmpty()) {
      return of(delay);
    }
    if (values.layer(DELAY) == Layer.DEFAULT) {
      return ofStsLimit(limit.get());
    }
    DelayConfig both = values.check(() -> new DelayConfig(delay, limit.get()), DELAY, STS_LIMIT);
    return both == null ? of(delay) : both;
  }
}
