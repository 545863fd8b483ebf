package babelmux.origin.video;

import babelmux.origin.rtmp.RtmpMessage;
import org.jspecify.annotations.Nullable;

/**
 * One video track on its way to one reader. H.264 and H.265 start with a picture that decoding can
 * start with, others at once. Not thread-safe.
 */
public final class ReaderTrack {
  private @Nullable DtsClock clock;

  /**
   * Makes the message for the reader.
   *
   * @return null when the reader does not get the picture
   * @throws ReaderRefusedException where MediaMTX ends the reader's connection
   */
  public @Nullable RtmpMessage next(Picture picture) throws ReaderRefusedException {
    if (picture.nals() == null) {
      return VideoTag.picture(picture, picture.ptsMs(), 0);
    }
    DtsClock running = clock;
    if (running == null) {
      if (!picture.randomAccess()) {
        return null;
      }
      running = picture.codec().equals("avc1") ? new H264DtsClock() : new H265DtsClock();
      clock = running;
    }
    long pts = picture.ptsMs() * DtsClock.TICKS_PER_MS;
    try {
      long dts = running.next(picture.nals(), pts);
      // Both are cut to milliseconds, and so their sum can be 1 ms under the PTS.
      return VideoTag.picture(
          picture, dts / DtsClock.TICKS_PER_MS, (int) ((pts - dts) / DtsClock.TICKS_PER_MS));
    } catch (BitstreamException unknown) {
      return picture.original();
    }
  }
}
