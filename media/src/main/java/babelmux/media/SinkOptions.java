package babelmux.media;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * @param openLimit the time that connecting and writing the header may take
 * @param writeLimit the time that writing one packet may take
 * @param fragment an MP4 file is written in fragments of this length, so that what was written can
 *     be played although the file never got its end; null for one that has to be finished
 */
public record SinkOptions(Duration openLimit, Duration writeLimit, @Nullable Duration fragment) {
  /** No fragments. */
  public SinkOptions(Duration openLimit, Duration writeLimit) {
    this(openLimit, writeLimit, null);
  }

  public static SinkOptions defaults() {
    return new SinkOptions(Duration.ofSeconds(10), Duration.ofSeconds(15));
  }

  /** The defaults, in fragments of this length. */
  public static SinkOptions fragmented(Duration fragment) {
    SinkOptions defaults = defaults();
    return new SinkOptions(defaults.openLimit(), defaults.writeLimit(), fragment);
  }
}
