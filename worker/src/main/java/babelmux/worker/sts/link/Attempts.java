package babelmux.worker.sts.link;

import babelmux.worker.sts.StsObserver;
import babelmux.worker.sts.link.Phase.Refused;
import babelmux.worker.sts.link.Phase.Waiting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Attempts to get into session: how long to wait for the next one, and what the observer is told of
 * it. Single-threaded; times are nanoseconds since the link was opened.
 */
final class Attempts {
  private final ReconnectBackoff backoff;
  private final StsObserver observer;
  private @Nullable Duration delay;
  private long reconnects;
  private boolean refusalReported;

  Attempts(ReconnectBackoff backoff, StsObserver observer) {
    this.backoff = backoff;
    this.observer = observer;
  }

  /**
   * A connection failed or was lost: the wait for the next one.
   *
   * @param lasted whether it had been of use long enough to begin with short waits again
   */
  Waiting afterLoss(boolean lasted, long now) {
    Duration wait = backoff.failed(lasted);
    delay = wait;
    return new Waiting(now + wait.toNanos());
  }

  /** Reports the loss, when the link waits. */
  void reportLoss(String reason) {
    reportDelay();
    if (backoff.becameLong()) {
      observer.permanentFailure(
          "STS cannot be reached after %d attempts: %s".formatted(backoff.attempt() - 1, reason));
    }
  }

  /**
   * The service refused the stream: the wait for asking it again, as in a long outage.
   *
   * @param forGood whether asking again cannot help
   */
  Refused afterRefusal(boolean forGood, long now) {
    Duration wait = forGood ? null : backoff.refused();
    delay = wait;
    return new Refused(wait == null ? FragmentSender.NEVER : now + wait.toNanos());
  }

  /** Reports the refusal, when the link waits: the first one since a session as permanent. */
  void reportRefusal(String detail) {
    if (!refusalReported) {
      refusalReported = true;
      observer.permanentFailure(detail);
    }
    reportDelay();
  }

  private void reportDelay() {
    Duration wait = delay;
    if (wait != null) {
      observer.reconnecting(backoff.attempt(), wait);
    }
  }

  /** The service has given a session. */
  void succeeded() {
    refusalReported = false;
  }

  /** The wait is over: the next attempt is made. */
  void reconnecting() {
    reconnects++;
  }

  /** Number of attempts that were made after the first one. */
  long reconnects() {
    return reconnects;
  }

  /** See {@link ReconnectBackoff#attempt}. */
  int attempt() {
    return backoff.attempt();
  }
}
