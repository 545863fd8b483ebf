package babelmux.worker.sts.link;

/**
 * The pause that the service has asked for. It ends by itself, because some services only release
 * it when data comes: then one fragment is sent as a probe, and the pause begins again. Times are
 * nanoseconds since the link was opened.
 */
final class Pause {
  private static final long MILLI = 1_000_000L;
  private static final long MIN = 2_000 * MILLI;
  private static final long MAX = 30_000 * MILLI;

  private boolean active;
  private boolean endsWhenLess;
  private long length;
  private long until;

  /**
   * Begins. A pause that goes on is not made longer by being asked for again.
   *
   * @param delayMillis what the service recommends, 0 if nothing
   * @param untilLess whether it ends with any fragment that is settled, not only with the last
   */
  void begin(long delayMillis, boolean untilLess, long now) {
    endsWhenLess = untilLess;
    if (!active) {
      active = true;
      length = Math.min(MAX, Math.max(MIN, Math.min(delayMillis, 60_000) * MILLI));
      until = now + length;
    }
  }

  void end() {
    active = false;
  }

  /** A fragment is no longer in flight. */
  void settled(int inFlight) {
    if (inFlight == 0 || endsWhenLess) {
      active = false;
    }
  }

  void sent(long now) {
    if (active) {
      until = now + length;
    }
  }

  /** Ends it when its time is up; with a fragment in flight that one's answer ends it. */
  void tick(int inFlight, long now) {
    if (active && inFlight == 0 && now >= until) {
      active = false;
    }
  }

  boolean active() {
    return active;
  }

  /** When the next fragment may be sent; 0 when there is no pause. */
  long until() {
    return active ? until : 0;
  }
}
