package babelmux.app.relay;

/** Media time that packets cover, without the holes between them. Not thread-safe. */
final class SentTime {
  /** What is further apart is a hole. */
  private static final long MAX_STEP_US = 1_000_000;

  private boolean begun;
  private long lastUs;
  private long us;

  /** A packet was sent. */
  void add(long dtsUs) {
    long step = dtsUs - lastUs;
    if (begun && step > 0 && step <= MAX_STEP_US) {
      us += step;
    }
    lastUs = begun ? Math.max(lastUs, dtsUs) : dtsUs;
    begun = true;
  }

  double seconds() {
    return us / 1e6;
  }
}
