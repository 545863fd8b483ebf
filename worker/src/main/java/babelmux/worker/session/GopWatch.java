package babelmux.worker.session;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Measures how far a source's keyframes are apart. A pause of the source is no part of a GOP. One
 * thread.
 */
final class GopWatch {
  /** So long a GOP is remembered: encoders put keyframes at cuts of scenes, too. */
  static final long REMEMBERED_US = 60_000_000;

  /** A source that sends nothing for longer pauses. */
  static final long PAUSE_US = 500_000;

  private static final long UNKNOWN = Long.MIN_VALUE;

  /** A GOP that has ended. */
  private record Gop(long endUs, long lengthUs) {}

  // Falling lengths: the first one is the longest.
  private final Deque<Gop> gops = new ArrayDeque<>();
  private long keyUs = UNKNOWN;
  private long lastUs = UNKNOWN;

  /**
   * A packet was read.
   *
   * @param keyframe whether it is a keyframe of the video
   * @param dtsUs session time
   */
  void packet(boolean keyframe, long dtsUs) {
    if (lastUs != UNKNOWN && dtsUs - lastUs > PAUSE_US) {
      keyUs = UNKNOWN;
    }
    lastUs = Math.max(lastUs, dtsUs);
    if (keyframe) {
      if (keyUs != UNKNOWN && dtsUs > keyUs) {
        remember(new Gop(dtsUs, dtsUs - keyUs));
      }
      keyUs = dtsUs;
    }
    while (!gops.isEmpty() && lastUs - gops.getFirst().endUs() > REMEMBERED_US) {
      gops.removeFirst();
    }
  }

  private void remember(Gop gop) {
    while (!gops.isEmpty() && gops.getLast().lengthUs() <= gop.lengthUs()) {
      gops.removeLast();
    }
    gops.addLast(gop);
  }

  /** Restarts with the source: the time without it does not count. */
  void restart() {
    keyUs = UNKNOWN;
    lastUs = UNKNOWN;
    gops.clear();
  }

  /** The longest GOP of the last minute, microseconds; 0 before the first one has ended. */
  long longestUs() {
    return gops.isEmpty() ? 0 : gops.getFirst().lengthUs();
  }

  /** Time since the last keyframe, microseconds; 0 while there was none. */
  long openUs() {
    return keyUs == UNKNOWN ? 0 : lastUs - keyUs;
  }
}
