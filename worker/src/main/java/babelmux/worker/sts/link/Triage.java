package babelmux.worker.sts.link;

import babelmux.worker.sts.wire.ServerMessage.StsError;

/** Reaction of the link to an error event of the service. */
sealed interface Triage {

  /** Nothing: it concerned one fragment, which falls back or is sent again. */
  record Ignore() implements Triage {}

  /** Counts it: it concerns nothing that is known. */
  record CountStray() implements Triage {}

  /** Sends stream:resume. */
  record Resume() implements Triage {}

  /**
   * Opens a new session on the same connection.
   *
   * @param lost whether the service has lost the present one, so that nothing in it is answered
   */
  record RestartSession(String reason, boolean lost) implements Triage {}

  /** Asks for the session once more, with the default voice. */
  record UseDefaultVoice(String detail) implements Triage {}

  /** Drops the connection and makes another one. */
  record Reconnect(String detail) implements Triage {}

  /**
   * Leaves the stream in original audio.
   *
   * @param forGood whether asking again cannot help
   */
  record GiveUp(String detail, boolean forGood) implements Triage {}

  /** The service does not know us, whatever the error was about. */
  static GiveUp ofUnknownClient(StsError error) {
    return new GiveUp("STS: " + error.text(), true);
  }

  /** A fragment was refused. */
  static Triage ofFragment(StsError error, Refusal refusal) {
    ErrorAction action = StsErrorCode.of(error.code()).action();
    if (refusal == Refusal.OF_EARLIER_SESSION) {
      return new Ignore();
    } else if (action == ErrorAction.SESSION_GONE) {
      return sessionLost(error);
    } else if (refusal == Refusal.SESSION_IN_DOUBT) {
      return new RestartSession("STS refused a fragment: " + error.text(), false);
    } else if (action == ErrorAction.RESUME_AND_RETRY) {
      return new Resume();
    }
    return new Ignore();
  }

  /**
   * A stream:init was refused.
   *
   * @param fresh whether it is the first session of its connection
   * @param defaultVoice whether the default voice was asked for
   */
  static Triage ofInit(StsError error, boolean fresh, boolean defaultVoice) {
    StsErrorCode code = StsErrorCode.of(error.code());
    String detail = "STS refused stream:init: " + error.text();
    if (code == StsErrorCode.INVALID_VOICE_PROFILE && !defaultVoice) {
      return new UseDefaultVoice(detail);
    } else if (code.refusesStream() && fresh) {
      return new GiveUp(detail, false);
    }
    return new Reconnect(detail);
  }

  /** It concerns neither a fragment nor a stream:init. */
  static Triage ofSession(StsError error) {
    return StsErrorCode.of(error.code()).action() == ErrorAction.SESSION_GONE
        ? sessionLost(error)
        : new CountStray();
  }

  private static Triage sessionLost(StsError error) {
    return new RestartSession("STS lost the session: " + error.text(), true);
  }
}
