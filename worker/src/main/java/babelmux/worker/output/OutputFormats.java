package babelmux.worker.output;

import babelmux.media.TrackFormat;
import org.jspecify.annotations.Nullable;

/**
 * The formats of the output's tracks. At least one of the two is there. Owns its formats.
 *
 * @param video null for audio alone
 * @param audio null for the video alone
 */
public record OutputFormats(@Nullable TrackFormat video, @Nullable TrackFormat audio)
    implements AutoCloseable {
  public OutputFormats copy() {
    return new OutputFormats(
        video == null ? null : video.copy(), audio == null ? null : audio.copy());
  }

  /** Returns whether packets of the other are of these formats, too. */
  public boolean isSameAs(OutputFormats other) {
    return isSame(video, other.video) && isSame(audio, other.audio);
  }

  /**
   * Returns whether the other's packets are of these tracks and codecs: only the video's headers
   * differ.
   */
  public boolean differsInVideoHeaders(OutputFormats other) {
    return video != null
        && other.video != null
        && video.codec().equals(other.video.codec())
        && isSame(audio, other.audio);
  }

  private static boolean isSame(@Nullable TrackFormat one, @Nullable TrackFormat other) {
    return (one == null || other == null) ? one == other : one.isSameAs(other);
  }

  @Override
  public void close() {
    if (video != null) {
      video.close();
    }
    if (audio != null) {
      audio.close();
    }
  }
}
