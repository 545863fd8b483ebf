package babelmux.stsecho.socketio;

import java.time.Duration;

/** Trouble on one connection, below the protocol. */
public sealed interface WireFault {

  /** No Engine.IO ping is sent any more; everything else goes on. */
  record StallPings() implements WireFault {}

  /** Nothing is sent or read any more, and the connection stays open. */
  record Hang() implements WireFault {}

  /** The connection ends at once without a word (a TCP reset). */
  record Reset() implements WireFault {}

  /** Half of the next message is sent, then the connection ends. */
  record CutNext() implements WireFault {}

  /**
   * From now on the bytes leave a few at a time.
   *
   * @param bytes size of a piece, 1 or more
   * @param pause wait between two pieces; zero for none
   */
  record Trickle(int bytes, Duration pause) implements WireFault {}
}
