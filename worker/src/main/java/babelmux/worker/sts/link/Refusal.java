package babelmux.worker.sts.link;

import babelmux.worker.sts.wire.ServerMessage.StsError;

/** Consequence of the refusal of a fragment, for it and for the session. */
enum Refusal {
  /** It falls back. The session that it was sent in was replaced since. */
  OF_EARLIER_SESSION,
  /** It is sent again. */
  SEND_AGAIN,
  /** It falls back. */
  FALL_BACK,
  /** It falls back, and the session has to be restarted: a number in it is in doubt. */
  SESSION_IN_DOUBT;

  /**
   * Decides.
   *
   * @param current the present session, which knows of this refusal already
   * @param breakerOpened whether this refusal has opened the breaker
   */
  static Refusal of(
      SentFragment fragment, WireSession current, StsError error, boolean breakerOpened, long now) {
    if (fragment.session() != current) {
      return OF_EARLIER_SESSION;
    }
    StsErrorCode code = StsErrorCode.of(error.code());
    // Refused again and again until the breaker opened: this session takes nothing any more.
    boolean stuck = breakerOpened && current.refusalsInARow() > 1;
    if (!stuck && mayTryAgain(fragment, code, error, now)) {
      return SEND_AGAIN;
    }
    boolean inDoubt =
        stuck
            || code.action() == ErrorAction.RESTART_SESSION
            || fragment.acknowledged()
            || current.hasHole();
    return inDoubt ? SESSION_IN_DOUBT : FALL_BACK;
  }

  private static boolean mayTryAgain(
      SentFragment fragment, StsErrorCode code, StsError error, long now) {
    boolean allowed = code.mayRetry(error) || code.action() == ErrorAction.RESUME_AND_RETRY;
    return allowed
        && !fragment.acknowledged()
        && fragment.origin().tries() < code.action().retries()
        && fragment.submission().deadline() > now;
  }
}
