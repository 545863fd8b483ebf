package babelmux.media;

import java.time.Duration;

/**
 * @param openLimit the time that connecting may take
 * @param readLimit the longest silence that a read waits through before it fails with TIMEOUT
 */
public record SourceOptions(Duration openLimit, Duration readLimit) {
  public static SourceOptions defaults() {
    return new SourceOptions(Duration.ofSeconds(10), Duration.ofSeconds(10));
  }
}
