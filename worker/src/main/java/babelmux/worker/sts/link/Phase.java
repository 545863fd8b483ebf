package babelmux.worker.sts.link;

import babelmux.worker.sts.LinkState;

/**
 * Phase that a link is in, with the data that only this phase has. Times are nanoseconds since the
 * link was opened.
 */
sealed interface Phase
    permits Phase.Connecting,
        Phase.Waiting,
        Phase.Refused,
        Phase.Initialising,
        Phase.InSession,
        ClosingHandshake,
        Phase.Over {

  /** State that others see. */
  LinkState shown();

  /** When its time is up; {@link FragmentSender#NEVER} if it has no limit. */
  default long until() {
    return FragmentSender.NEVER;
  }

  /** Why a link without a session has none. */
  enum Outage {
    /** It was just opened, or only the session is replaced. */
    NONE,
    /** The connection failed or was lost. */
    LOST,
    /** The service refuses the stream. */
    REFUSED
  }

  /** Makes a connection. */
  record Connecting(Outage outage, long until) implements Phase {
    @Override
    public LinkState shown() {
      return switch (outage) {
        case NONE -> LinkState.CONNECTING;
        case LOST -> LinkState.RECONNECTING;
        case REFUSED -> LinkState.PASS_THROUGH;
      };
    }
  }

  /** Waits for the next attempt to connect. */
  record Waiting(long until) implements Phase {
    @Override
    public LinkState shown() {
      return LinkState.RECONNECTING;
    }
  }

  /** Waits to ask a service again that has refused the stream, or for another token. */
  record Refused(long until) implements Phase {
    /** Tells whether only another token can help. */
    boolean forGood() {
      return until == FragmentSender.NEVER;
    }

    @Override
    public LinkState shown() {
      return LinkState.PASS_THROUGH;
    }
  }

  /**
   * Connected, without a session.
   *
   * @param sent whether stream:init was sent
   * @param until when it has to be answered, or is to be sent
   */
  record Initialising(Outage outage, boolean sent, long until) implements Phase {
    @Override
    public LinkState shown() {
      return outage == Outage.REFUSED ? LinkState.PASS_THROUGH : LinkState.INITIALISING;
    }
  }

  /** Sends fragments, unless the service has asked it to pause. */
  record InSession(boolean paused) implements Phase {
    @Override
    public LinkState shown() {
      return paused ? LinkState.PAUSED : LinkState.READY;
    }
  }

  /** Over. */
  record Over() implements Phase {
    @Override
    public LinkState shown() {
      return LinkState.CLOSED;
    }
  }
}
