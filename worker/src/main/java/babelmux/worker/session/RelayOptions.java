package babelmux.worker.session;

import java.time.Duration;

/**
 * The limits of a relay.
 *
 * @param file whether the source is a file, which is sent as fast as it plays, once
 * @param grace how long a source that is lost, or was never there, is tried again
 * @param finishLimit how long the destinations may take at the end to write what they have
 */
public record RelayOptions(boolean file, Duration grace, Duration finishLimit) {
  private static final Duration STALL = Duration.ofSeconds(10);
  private static final Duration MAX_RESUMPTION = Duration.ofSeconds(5);

  // A live source that interleaves worse is not waited for; a file may write a track in chunks.
  private static final Duration MAX_APART_LIVE = Duration.ofMillis(200);
  private static final Duration MAX_APART_FILE = Duration.ofSeconds(10);

  /** How late a source that comes back may be and still go on with the same times. */
  Duration maxResumption() {
    return MAX_RESUMPTION;
  }

  /** The output time of the first packet. */
  Duration outputStart() {
    return SessionOptions.LIVE_START;
  }

  /** How long a track waits for the other one. */
  Duration maxApart() {
    return file ? MAX_APART_FILE : MAX_APART_LIVE;
  }

  /** As a session's: nothing is delayed. */
  SessionOptions session() {
    Duration again = file ? Duration.ZERO : grace;
    return new SessionOptions(
        Duration.ZERO, Duration.ZERO, again, again, STALL, outputStart(), false);
  }
}
