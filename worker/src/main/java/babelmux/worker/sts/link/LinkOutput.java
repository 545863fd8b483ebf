package babelmux.worker.sts.link;

import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.wire.ClientMessage;

/** Does what the machine wants done. Called on the link's thread; must not call back into it. */
interface LinkOutput {

  /** Makes a connection; its events carry this number. */
  void connect(int connection);

  /** Drops the current connection, whatever state it is in. */
  void disconnect();

  /** Sends on the current connection. */
  void emit(ClientMessage message);

  /** Gives a fragment its one outcome. */
  void settle(Submission submission, StsOutcome outcome);

  /** Tells the service later, at the session's word, whether a dub was used. */
  void receipt(String fragmentId, boolean applied);

  /** The state is another: what others see of it must be renewed before they are told. */
  void stateChanged();

  /** The link is closed. */
  void ended();
}
