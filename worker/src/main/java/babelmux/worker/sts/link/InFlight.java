package babelmux.worker.sts.link;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The fragments that are sent and not settled. */
final class InFlight {
  private final Map<String, SentFragment> sent = new LinkedHashMap<>();
  private final FlowControl flow;
  private final IntConsumer changed;
  private WireSession current;
  private int count;
  private boolean confirms = true;

  /**
   * None yet.
   *
   * @param current the present session
   * @param flow told when there are less
   * @param changed told how many there are now
   */
  InFlight(WireSession current, FlowControl flow, IntConsumer changed) {
    this.current = current;
    this.flow = flow;
    this.changed = changed;
  }

  void add(SentFragment fragment) {
    sent.put(fragment.id(), fragment);
    changed.accept(++count);
  }

  @Nullable SentFragment find(String fragmentId) {
    return sent.get(fragmentId);
  }

  /**
   * The oldest one that the service has not confirmed, or null.
   *
   * @param earlier of those that were sent in a session before this one, or of this one's
   */
  @Nullable SentFragment oldestUnconfirmed(boolean earlier) {
    for (SentFragment fragment : sent.values()) {
      if (!fragment.acknowledged() && (fragment.session() != current) == earlier) {
        return fragment;
      }
    }
    return null;
  }

  /** True when the service confirms what it gets, which it need not; so far as is known. */
  boolean confirms() {
    return confirms;
  }

  /** The service has confirmed a fragment, or answered one that it had not confirmed. */
  void confirmed(boolean byAck) {
    confirms = byAck;
  }

  void remove(SentFragment fragment) {
    boolean counted = sent.remove(fragment.id()) != null && fragment.session() == current;
    count -= counted ? 1 : 0;
    flow.settled(count);
    if (counted) {
      changed.accept(count);
    }
  }

  /** A snapshot, in the order sent. */
  List<SentFragment> all() {
    return List.copyOf(sent.values());
  }

  /** Another session is the present one; what was sent before takes no place in it. */
  void enter(WireSession next) {
    current = next;
    if (count > 0) {
      count = 0;
      changed.accept(0);
    }
  }

  /** Number of them that were sent in this session. */
  int count() {
    return count;
  }

  boolean isEmpty() {
    return sent.isEmpty();
  }

  /** The earliest deadline, {@link FragmentSender#NEVER} if there is none. */
  long nextDeadline() {
    long next = FragmentSender.NEVER;
    for (SentFragment fragment : sent.values()) {
      next = Math.min(next, fragment.deadline());
    }
    return next;
  }
}
