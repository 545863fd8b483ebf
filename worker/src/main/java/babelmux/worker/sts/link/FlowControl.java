package babelmux.worker.sts.link;

import babelmux.worker.sts.BackpressureSeverity;
import babelmux.worker.sts.wire.ServerMessage.Backpressure;
import java.util.OptionalLong;

/**
 * When the next fragment may leave, by what the service has asked for: a pause, a slower pace, a
 * rate limit. The latest of the three counts. Times are nanoseconds since the link was opened.
 */
final class FlowControl {
  private final Pause pause = new Pause();
  private final SlowDown slowDown;
  private final RateLimit rateLimit = new RateLimit();

  /**
   * Flow control for fragments of this limit.
   *
   * @param fragmentTimeout nanoseconds
   */
  FlowControl(long fragmentTimeout) {
    this.slowDown = new SlowDown(fragmentTimeout);
  }

  /** A new session: nothing has been asked for. */
  void reset() {
    pause.end();
    slowDown.end();
    rateLimit.reset();
  }

  void asked(Backpressure event, long now) {
    switch (event.action()) {
      case NONE -> {
        pause.end();
        slowDown.end();
      }
      case SLOW_DOWN -> {
        pause.end();
        long millis = event.delayMillis().orElse(0);
        slowDown.begin(millis > 0 ? millis : defaultDelayMillis(event.severity()), now);
      }
      case PAUSE -> pause.begin(event.delayMillis().orElse(0), false, now);
    }
  }

  /** Delay to slow down by when the service names none, in milliseconds. */
  private static long defaultDelayMillis(BackpressureSeverity severity) {
    return switch (severity) {
      case LOW -> 100;
      case MEDIUM -> 500;
      case HIGH -> 1_000;
    };
  }

  /** The service says that it has too much to do, if that is what this code says. */
  void failed(StsErrorCode code, OptionalLong retryAfterMillis, long now) {
    switch (code.action()) {
      case PAUSE_AND_RETRY -> pause.begin(0, false, now);
      case RETRY_WHEN_LESS -> pause.begin(0, true, now);
      case DELAY_AND_RETRY -> rateLimit.exceeded(retryAfterMillis, now);
      default -> {}
    }
  }

  /** A fragment was dubbed: the service keeps up. */
  void succeeded() {
    rateLimit.succeeded();
  }

  /** A fragment is no longer in flight. */
  void settled(int inFlight) {
    pause.settled(inFlight);
  }

  void sent(long now) {
    pause.sent(now);
    slowDown.sent(now);
  }

  /** Ends what ends by itself. */
  void tick(int inFlight, long now) {
    pause.tick(inFlight, now);
    slowDown.tick(now);
  }

  boolean paused() {
    return pause.active();
  }

  /** When a pause ends by itself; 0 when there is none. */
  long pauseUntil() {
    return pause.until();
  }

  /** The earliest time for a fragment that came at {@code since}; may have passed. */
  long sendTime(long since) {
    return Math.max(slowDown.sendTime(since), Math.max(pause.until(), rateLimit.until()));
  }
}
