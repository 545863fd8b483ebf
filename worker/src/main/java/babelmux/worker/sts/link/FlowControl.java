package babelmux.worker.sts.link;

import babelmux.worker.sts.BackpressureSeverity;
import babelmux.worker.sts.wire.ServerMessage;
import java.util.OptionalLong;

/**
 * When the next fragment may leave, by what the service has asked for. Times are nanoseconds since
 * the link was opened. A pause ends by itself, because some servers only release it when data
 * comes.
 */
final class FlowControl {
  private static final long MILLI = 1_000_000L;
  private static final long LEAST_PAUSE = 2_000 * MILLI;
  private static final long LONGEST_WAIT = 30_000 * MILLI;
  private static final long LONGEST_RATE_LIMIT = 60_000 * MILLI;
  private static final long FIRST_RATE_LIMIT = 1_000 * MILLI;
  private static final int MOST_DOUBLINGS = 4;

  private final long longestSlowDown;

  private boolean paused;
  private boolean endsWhenLess;
  private long pauseLength;
  private long pauseUntil;
  private long slowDelay;
  private long slowFrom;
  private long slowToldAt;
  private long lastSent = Long.MIN_VALUE / 2;
  private long blockedUntil;
  private int rateLimits;

  /**
   * Flow control for fragments of this limit.
   *
   * @param fragmentTimeout nanoseconds; slowing down never takes more than half of it
   */
  FlowControl(long fragmentTimeout) {
    this.longestSlowDown = Math.min(fragmentTimeout / 2, LONGEST_WAIT);
  }

  /** A new session: nothing has been asked for. */
  void reset() {
    paused = false;
    slowDelay = 0;
    blockedUntil = 0;
    rateLimits = 0;
  }

  void asked(ServerMessage.Backpressure event, long now) {
    switch (event.action()) {
      case NONE -> {
        paused = false;
        slowDelay = 0;
      }
      case SLOW_DOWN -> {
        paused = false;
        long delay = event.delayMillis().orElse(0);
        long millis = delay > 0 ? delay : defaultDelayMillis(event.severity());
        // Being told again and again must not put a fragment off again and again.
        slowFrom = slowDelay > 0 ? slowFrom : now;
        slowDelay = Math.min(millis, longestSlowDown / MILLI) * MILLI;
        slowToldAt = now;
      }
      case PAUSE -> pause(event.delayMillis().orElse(0), false, now);
    }
  }

  /** How much to slow down by when the service names no delay. */
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
      case PAUSE_AND_RETRY -> pause(0, false, now);
      case RETRY_WHEN_LESS -> pause(0, true, now);
      case DELAY_AND_RETRY -> rateLimited(retryAfterMillis, now);
      default -> {}
    }
  }

  /** A pause that goes on is not made longer by being told again. */
  private void pause(long delayMillis, boolean untilLess, long now) {
    endsWhenLess = untilLess;
    if (!paused) {
      paused = true;
      pauseLength =
          Math.min(LONGEST_WAIT, Math.max(LEAST_PAUSE, Math.min(delayMillis, 60_000) * MILLI));
      pauseUntil = now + pauseLength;
    }
  }

  private void rateLimited(OptionalLong retryAfterMillis, long now) {
    long wait = FIRST_RATE_LIMIT << Math.min(rateLimits++, MOST_DOUBLINGS);
    if (retryAfterMillis.isPresent()) {
      wait = Math.min(LONGEST_RATE_LIMIT, retryAfterMillis.getAsLong() * MILLI);
    }
    blockedUntil = Math.max(blockedUntil, now + wait);
  }

  /** A fragment was dubbed: the service keeps up. */
  void succeeded() {
    rateLimits = 0;
  }

  /** A fragment is no longer in flight. */
  void settled(int inFlight) {
    if (inFlight == 0 || endsWhenLess) {
      paused = false;
    }
  }

  /** A fragment was sent; one sent during a pause is a probe, and the pause begins again. */
  void sent(long now) {
    lastSent = now;
    if (paused) {
      pauseUntil = now + pauseLength;
    }
  }

  /** Ends what ends by itself. */
  void tick(int inFlight, long now) {
    if (paused && inFlight == 0 && now >= pauseUntil) {
      paused = false;
    }
    if (slowDelay > 0 && now - slowToldAt >= LONGEST_WAIT) {
      slowDelay = 0;
    }
  }

  boolean paused() {
    return paused;
  }

  /** When a pause ends by itself. */
  long pauseUntil() {
    return pauseUntil;
  }

  /** The earliest time for a fragment that came at {@code since}; may have passed. */
  long sendTime(long since) {
    long time = Math.max(since, blockedUntil);
    if (paused) {
      time = Math.max(time, pauseUntil);
    }
    if (slowDelay > 0) {
      time = Math.max(time, Math.max(Math.max(since, slowFrom), lastSent) + slowDelay);
    }
    return time;
  }
}
