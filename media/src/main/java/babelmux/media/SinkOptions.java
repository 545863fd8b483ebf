package babelmux.media;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * @param openLimit the time that connecting and writing the header may take
 * @param writeLimit the time that writing one packet may take
 * @param fragment an MP4 file is written in fragments of this length, so that what was written can
 *     be played although the file never got its end; null for one that has to be finished
 * @param gathers whether packets may wait in the sink until {@link Sink#flush}, and a little in the
 *     system: fewer and larger writes cost less
 */
public record SinkOptions(
    Duration openLimit, Duration writeLimit, @Nullable Duration fragment, boolean gathers) {
  /** No fragments, and each packet is written at once. */
  public SinkOptions(Duration openLimit, Duration writeLimit) {
    this(openLimit, writeLimit, null, false);
  }

  public static SinkOptions defaults() {
    return new SinkOptions(Duration.ofSeconds(10), Duration.ofSeconds(15));
  }

  /** The defaults, in fragments of this length. */
  public static SinkOptions fragmented(Duration fragment) {
    SinkOptions defaults = defaults();
    return defaults.inFragments(fragment);
  }

  /** The same, in fragments of this length. */
  public SinkOptions inFragments(Duration length) {
    return new SinkOptions(openLimit, writeLimit, length, gathers);
  }

  /** The same, where packets may wait until {@link Sink#flush}. */
  public SinkOptions gathering() {
    return new SinkOptions(openLimit, writeLimit, fragment, true);
  }
}
