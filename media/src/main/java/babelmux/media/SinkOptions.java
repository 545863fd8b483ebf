package babelmux.media;

import java.time.Duration;

/**
 * @param openLimit the time that connecting and writing the header may take
 * @param writeLimit the time that writing one packet may take
 */
public record SinkOptions(Duration openLimit, Duration writeLimit) {
  public static SinkOptions defaults() {
    return new SinkOptions(Duration.ofSeconds(10), Duration.ofSeconds(15));
  }
}
