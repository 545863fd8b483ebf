package babelmux.worker.sts.link;

import babelmux.worker.sts.StsConfig;
import java.util.OptionalLong;

/**
 * State that belongs to one session with the service and ends with it: the numbers of its
 * fragments, how many may be unanswered, how long a message may be. Single-threaded.
 */
final class WireSession {
  private static final int MAX_WINDOW = 10;

  private final SequenceNumbers numbers = new SequenceNumbers();
  private final int window;
  private final long maxWireBytes;
  private int refusalsInARow;
  private boolean open;

  private WireSession(int window, long maxWireBytes, boolean open) {
    this.window = window;
    this.maxWireBytes = maxWireBytes;
    this.open = open;
  }

  /**
   * A session that has begun.
   *
   * @param askedWindow the service's window, if it named one, else 0
   * @param maxPayload the longest message it takes, if it said so
   */
  static WireSession open(StsConfig config, int askedWindow, OptionalLong maxPayload) {
    boolean usable = askedWindow >= 1 && askedWindow <= MAX_WINDOW;
    long max = Math.min(config.maxMessageBytes(), maxPayload.orElse(Long.MAX_VALUE));
    return new WireSession(
        usable ? Math.min(askedWindow, config.maxInFlight()) : config.maxInFlight(),
        max <= 0 ? config.maxMessageBytes() : max,
        true);
  }

  /**
   * No session, so nothing may be sent.
   *
   * @param window what is shown until there is one
   */
  static WireSession none(int window) {
    return new WireSession(window, 0, false);
  }

  /** Nothing more is sent in it; answers are still taken. */
  void close() {
    open = false;
  }

  /** Tells whether fragments may be sent in it. */
  boolean open() {
    return open;
  }

  int window() {
    return window;
  }

  long maxWireBytes() {
    return maxWireBytes;
  }

  /** The number for the next fragment that is sent. */
  int takeNumber() {
    return numbers.take();
  }

  /** The service did not accept this number. */
  void refused(int number) {
    numbers.giveBack(number);
    refusalsInARow++;
  }

  /** The service has accepted a fragment. */
  void accepted() {
    refusalsInARow = 0;
  }

  int refusalsInARow() {
    return refusalsInARow;
  }

  /** Tells whether a number is free below one that is in use. */
  boolean hasHole() {
    return numbers.hasHole();
  }
}
