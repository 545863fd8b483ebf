package babelmux.stsecho.protocol;

import org.jspecify.annotations.Nullable;

/** When to ask a client to slow down. Pure; looked at when a fragment arrives, and only then. */
public sealed interface Backpressure {

  /** Signal in the wire's words; the delay may be null. */
  record Signal(String severity, String action, @Nullable Integer delayMs) {}

  /** Signal to send with that many results not acknowledged by the client; null for none. */
  @Nullable Signal at(int inflight, int maxInflight);

  /**
   * Signal to send when {@link #at} has nothing to say any more after it had; null for none. Some
   * clients wait for that.
   */
  default @Nullable Signal cleared() {
    return null;
  }

  /** Never says anything. */
  record Off() implements Backpressure {
    @Override
    public @Nullable Signal at(int inflight, int maxInflight) {
      return null;
    }
  }

  /**
   * As the echo server does.
   *
   * @param low share of max_inflight from which to say low/none
   * @param medium share from which to say medium/slow_down
   * @param high share from which to say high/pause
   */
  record Thresholds(double low, double medium, double high) implements Backpressure {

    @Override
    public @Nullable Signal at(int inflight, int maxInflight) {
      double load = inflight / (double) maxInflight;
      if (load >= high) {
        return new Signal("high", "pause", 1000);
      }
      if (load >= medium) {
        return new Signal("medium", "slow_down", 500);
      }
      return load >= low ? new Signal("low", "none", null) : null;
    }

    @Override
    public Signal cleared() {
      return new Signal("low", "none", null);
    }
  }

  /**
   * One fixed signal.
   *
   * @param threshold share of max_inflight up to 1, a count above
   */
  record Fixed(double threshold, Signal signal) implements Backpressure {
    @Override
    public @Nullable Signal at(int inflight, int maxInflight) {
      double limit = threshold <= 1 ? threshold * maxInflight : threshold;
      return inflight >= limit ? signal : null;
    }
  }
}
