package babelmux.worker.output;

import babelmux.media.TrackFormat;
import org.jspecify.annotations.Nullable;

/**
 * What the output carries. At least one of the two is there. Owns its formats.
 *
 * @param video null for sound alone
 * @param audio null for the picture alone
 */
public record OutputFormats(@Nullable TrackFormat video, @Nullable TrackFormat audio)
    implements AutoCloseable {
  public OutputFormats copy() {
    return new OutputFormats(
        video == null ? null : video.copy(), audio == null ? null : audio.copy());
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
