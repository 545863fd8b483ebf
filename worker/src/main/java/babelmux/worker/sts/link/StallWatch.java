package babelmux.worker.sts.link;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Notices that a service does not answer anything any more although it is connected. Times are
 * nanoseconds since the link was opened.
 */
final class StallWatch {
  // A segment's: a younger fragment has been sent by then.
  private static final long MIN_MARGIN = Duration.ofSeconds(6).toNanos();

  private final long limit;

  /** When each was sent, of those that no answer of any kind came after, in the order sent. */
  private final Map<String, Long> unanswered = new LinkedHashMap<>();

  /**
   * A watch of a session in which nothing was sent.
   *
   * @param fragmentTimeout nanoseconds; a stall takes at least twice as long
   */
  StallWatch(long fragmentTimeout) {
    this.limit = Math.max(2 * fragmentTimeout, MIN_MARGIN + fragmentTimeout);
  }

  void sent(String fragmentId, long now) {
    unanswered.put(fragmentId, now);
  }

  /** The service has refused this one: it need not answer it. */
  void refused(String fragmentId) {
    unanswered.remove(fragmentId);
  }

  /** The service has answered something, or the session is another. */
  void reset() {
    unanswered.clear();
  }

  /**
   * When the session counts as stalled unless any answer comes; {@link FragmentSender#NEVER} if
   * nothing is out.
   */
  long stallsAt() {
    Iterator<Long> times = unanswered.values().iterator();
    return times.hasNext() ? times.next() + limit : FragmentSender.NEVER;
  }
}
