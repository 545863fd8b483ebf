package babelmux.worker.session;

import babelmux.media.TrackKind;
import java.util.EnumSet;
import java.util.Set;

/**
 * Decides when a relay begins to send: as soon as both tracks are known, because a container gets
 * no track that comes later. Video is known from its first keyframe on, seconds after the audio
 * where a server keeps no GOP for those who join. All times are session microseconds. Not
 * thread-safe.
 */
final class RelayStart {
  /** So long video is waited for that the source has announced. */
  static final long MAX_VIDEO_WAIT_US = 10_000_000;

  /** So long any other track is waited for. */
  static final long MAX_WAIT_US = 1_000_000;

  /** So much audio from before the first keyframe is sent. */
  static final long MAX_LEAD_US = 500_000;

  private static final long NOTHING = Long.MIN_VALUE;

  private final Set<TrackKind> announced = EnumSet.noneOf(TrackKind.class);
  private boolean begun;

  /** The source has a track of this kind. */
  void announced(TrackKind kind) {
    announced.add(kind);
  }

  boolean hasBegun() {
    return begun;
  }

  /** Whatever is missing is waited for no longer. */
  void begin() {
    begun = true;
  }

  /**
   * A packet was read.
   *
   * @param hasVideo whether the video is known
   * @param hasAudio whether the audio is known
   * @param waitedUs time since the first packet
   * @return whether it has begun
   */
  boolean read(boolean hasVideo, boolean hasAudio, long waitedUs) {
    boolean awaitsVideo = !hasVideo && announced.contains(TrackKind.VIDEO);
    begun |= (hasVideo && hasAudio) || waitedUs >= (awaitsVideo ? MAX_VIDEO_WAIT_US : MAX_WAIT_US);
    return begun;
  }

  /**
   * The time before which nothing is sent any more, {@link Long#MIN_VALUE} when there is none.
   *
   * @param hasVideo whether the video is known
   * @param newestUs the latest time that was read
   */
  long leadUs(boolean hasVideo, long newestUs) {
    boolean awaitsVideo = !hasVideo && announced.contains(TrackKind.VIDEO);
    return begun || !awaitsVideo ? NOTHING : newestUs - MAX_LEAD_US;
  }
}
