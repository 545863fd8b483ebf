package babelmux.worker.sts.link;

import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.StsSession;
import java.time.Duration;

/**
 * The end of a session: waits for the last answers, sends stream:end, waits for stream:complete,
 * then takes late answers until the service hangs up. Each step has a limit. A connection that is
 * lost meanwhile is the end, not a failure.
 *
 * @param reason what stream:end says
 * @param until when the step is over, nanoseconds since the link was opened
 */
record ClosingHandshake(Step step, String reason, long until) implements Phase {
  private static final long MAX_DRAIN = Duration.ofSeconds(30).toNanos();
  private static final long COMPLETE_MARGIN = Duration.ofSeconds(2).toNanos();
  private static final long LINGER = Duration.ofSeconds(5).toNanos();

  /** Step of the closing handshake, named after what it waits for. */
  enum Step {
    ANSWERS,
    COMPLETE,
    HANG_UP
  }

  static ClosingHandshake begin(String reason, StsSession session, long now) {
    long limit = Math.min(MAX_DRAIN, session.fragmentTimeout().toNanos());
    return new ClosingHandshake(Step.ANSWERS, reason, now + limit);
  }

  /** After stream:end was sent. */
  ClosingHandshake endSent(StsSession session, long now) {
    long limit = Duration.ofMillis(session.timeoutMillis()).toNanos() + COMPLETE_MARGIN;
    return new ClosingHandshake(Step.COMPLETE, reason, now + limit);
  }

  /** After stream:complete, or the limit for it. */
  ClosingHandshake completed(long now) {
    return new ClosingHandshake(Step.HANG_UP, reason, now + LINGER);
  }

  boolean draining() {
    return step == Step.ANSWERS;
  }

  @Override
  public LinkState shown() {
    return switch (step) {
      case ANSWERS -> LinkState.DRAINING;
      case COMPLETE -> LinkState.COMPLETING;
      case HANG_UP -> LinkState.LINGERING;
    };
  }
}
