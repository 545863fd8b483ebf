package babelmux.worker.readback;

import babelmux.media.TrackKind;
import org.jspecify.annotations.Nullable;

/** What a viewer got of an output, and what that says. Not thread-safe. */
final class OutputSight {
  // A few packets may be all that a server has in its hands when it stalls.
  static final long MIN_MOVE_US = 300_000;

  private final Track video = new Track();
  private final Track audio = new Track();

  private static final class Track {
    private int packets;
    private long firstUs;
    private long lastUs;

    private void packet(long dtsUs) {
      firstUs = packets == 0 ? dtsUs : firstUs;
      lastUs = dtsUs;
      packets++;
    }

    private boolean moves() {
      return lastUs - firstUs >= MIN_MOVE_US;
    }
  }

  /** A packet came. */
  void packet(TrackKind kind, long dtsUs) {
    track(kind).packet(dtsUs);
  }

  private Track track(TrackKind kind) {
    return kind == TrackKind.VIDEO ? video : audio;
  }

  /** Returns whether a track came and its times moved. */
  boolean moves(TrackKind kind) {
    return track(kind).moves();
  }

  /**
   * Judges what came. Pure.
   *
   * @param videoDue whether video should have come and moved on
   * @param audioDue the same of audio
   * @return null when nothing was to come: it says nothing
   */
  @Nullable OutputCheck judge(boolean videoDue, boolean audioDue) {
    if (!videoDue && !audioDue) {
      return null;
    }
    boolean lacksVideo = videoDue && video.packets == 0;
    boolean lacksAudio = audioDue && audio.packets == 0;
    if (video.packets + audio.packets == 0) {
      return OutputCheck.NOTHING;
    }
    if (lacksVideo) {
      return OutputCheck.NO_VIDEO;
    }
    if (lacksAudio) {
      return OutputCheck.NO_AUDIO;
    }
    return (videoDue && !video.moves()) || (audioDue && !audio.moves())
        ? OutputCheck.FROZEN
        : OutputCheck.OK;
  }
}
