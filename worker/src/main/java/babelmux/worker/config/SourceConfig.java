package babelmux.worker.config;

import java.time.Duration;
import java.util.List;

/**
 * Settings of lost sources.
 *
 * @param grace how long a lost source is waited for, counted from the loss; zero ends the stream at
 *     once
 */
public record SourceConfig(Duration grace) {

  static final Setting<Duration> GRACE =
      Setting.of(
          "source.grace",
          Parsers.duration(Duration.ZERO, Duration.ofMinutes(30)),
          "20s",
          "How long the session and its output connection wait for a source that went away, counted from"
              + " the loss; 0 does not wait.");

  static final List<Setting<?>> SETTINGS = List.of(GRACE);

  static SourceConfig from(Values values) {
    return new SourceConfig(values.get(GRACE));
  }
}
