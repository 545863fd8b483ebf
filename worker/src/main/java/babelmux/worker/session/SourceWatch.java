package babelmux.worker.session;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Warns of a source that will not dub well, by the packets that are read: keyframes that are
 * missing or far apart, and audio that does not come. Knows session time alone. One thread, the
 * reader's.
 */
final class SourceWatch {
  /** 2 s, and what rounded times may add. */
  static final long MAX_GOP_US = 2_100_000;

  /** So long video may come without audio. */
  static final long MAX_WITHOUT_AUDIO_US = 10_000_000;

  private static final long UNKNOWN = Long.MIN_VALUE;

  private final SessionListener listener;
  private final long delayUs;
  private final KeyframeWatch keyframes = new KeyframeWatch();
  private final GopWatch gops = new GopWatch();
  private final Set<StreamWarning> told = EnumSet.noneOf(StreamWarning.class);
  private long audioUs = UNKNOWN;

  /**
   * @param delay D
   */
  SourceWatch(SessionListener listener, Duration delay) {
    this.listener = listener;
    this.delayUs = delay.toNanos() / 1000;
  }

  /**
   * A packet was read.
   *
   * @param hasVideo whether the source has a video track
   * @param isVideo whether the packet is of it
   * @param keyframe whether it is a keyframe of it
   * @param dtsUs session time
   */
  void packet(boolean hasVideo, boolean isVideo, boolean keyframe, long dtsUs) {
    keyframes.packet(hasVideo, keyframe, dtsUs);
    tell(
        StreamWarning.NO_KEYFRAME,
        keyframes.isMissing(),
        "no keyframe in the video for "
            + KeyframeWatch.LIMIT_US / 1_000_000
            + " s: viewers that join now get audio alone");
    gops.packet(keyframe, dtsUs);
    long longestUs = gops.longestUs();
    tell(
        StreamWarning.FEW_KEYFRAMES,
        hasVideo && Math.max(longestUs, gops.openUs()) > delayUs,
        "less than one keyframe in the delay of %s s: an output that is connected again waits for"
            + " the next one",
        delayUs);
    tell(
        StreamWarning.LONG_GOP,
        longestUs > MAX_GOP_US,
        "%s s between two keyframes, expected at most 2 s: viewers that join, and an output that"
            + " is connected again, wait for the next one",
        longestUs);
    watchAudio(hasVideo, isVideo, dtsUs);
  }

  private void watchAudio(boolean hasVideo, boolean isVideo, long dtsUs) {
    if (!isVideo || audioUs == UNKNOWN) {
      audioUs = Math.max(audioUs, dtsUs);
    }
    tell(
        StreamWarning.NO_AUDIO,
        hasVideo && dtsUs - audioUs > MAX_WITHOUT_AUDIO_US,
        "video without audio for %s s: nothing is dubbed",
        MAX_WITHOUT_AUDIO_US);
  }

  private void tell(StreamWarning warning, boolean now, String text, long us) {
    if (now != told.contains(warning)) {
      tell(warning, now, text.formatted(String.format(Locale.ROOT, "%.1f", us / 1e6)));
    }
  }

  private void tell(StreamWarning warning, boolean now, String text) {
    if (now != told.contains(warning)) {
      listener.warning(warning, now ? text : null);
      if (now) {
        told.add(warning);
      } else {
        told.remove(warning);
      }
    }
  }

  /** Restarts with the source: the time without it does not count. */
  void restart() {
    keyframes.restart();
    gops.restart();
    audioUs = UNKNOWN;
  }
}
