package babelmux.worker.sts.link;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The fragments that wait to be sent, in the order in which they were handed over. Bounded. */
final class Outbox {
  static final int MAX_WAITING = 16;

  private final TreeMap<Long, WaitingFragment> waiting = new TreeMap<>();
  private long submissions;

  boolean isFull() {
    return waiting.size() >= MAX_WAITING;
  }

  void add(Submission submission, long now) {
    long order = submissions++;
    waiting.put(order, new WaitingFragment(submission, order, now, 0));
  }

  /** Takes back what was sent and refused, to its old place. */
  void putBack(WaitingFragment fragment) {
    waiting.put(fragment.order(), fragment);
  }

  /** The next to be sent; null when there is none. */
  @Nullable WaitingFragment head() {
    return waiting.isEmpty() ? null : waiting.firstEntry().getValue();
  }

  void remove(WaitingFragment fragment) {
    waiting.remove(fragment.order());
  }

  List<WaitingFragment> removeAll() {
    List<WaitingFragment> all = List.copyOf(waiting.values());
    waiting.clear();
    return all;
  }

  /** Those whose deadline has come. */
  List<WaitingFragment> removeExpired(long now) {
    List<WaitingFragment> expired = new ArrayList<>();
    Iterator<WaitingFragment> fragments = waiting.values().iterator();
    while (fragments.hasNext()) {
      WaitingFragment fragment = fragments.next();
      if (fragment.submission().deadline() <= now) {
        fragments.remove();
        expired.add(fragment);
      }
    }
    return expired;
  }

  /** The earliest deadline, {@link FragmentSender#NEVER} if there is none. */
  long nextDeadline() {
    long next = FragmentSender.NEVER;
    for (WaitingFragment fragment : waiting.values()) {
      next = Math.min(next, fragment.submission().deadline());
    }
    return next;
  }

  int size() {
    return waiting.size();
  }
}
