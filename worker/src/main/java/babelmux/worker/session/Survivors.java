package babelmux.worker.session;

import babelmux.media.MediaException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Equals that must not harm each other: one that fails is left out from then on, and the others go
 * on. The failure of the last one is its caller's. Thread-safe.
 */
final class Survivors<T> {
  private static final Logger log = LoggerFactory.getLogger(Survivors.class);

  private final CopyOnWriteArrayList<T> members;

  /** One thing that is done to a member. */
  @FunctionalInterface
  interface Action<T> {
    void on(T member) throws MediaException;
  }

  Survivors(List<T> members) {
    this.members = new CopyOnWriteArrayList<>(members);
  }

  /**
   * Does the same to each member.
   *
   * @throws MediaException if the last member fails with it
   */
  void each(Action<T> action) throws MediaException {
    for (T member : members) {
      try {
        action.on(member);
      } catch (Throwable e) {
        if (members.size() == 1) {
          throw e;
        }
        members.remove(member);
        log.error("{} failed and is left out, the others go on", member, e);
      }
    }
  }

  boolean contains(T member) {
    return members.contains(member);
  }

  /** The number that is left. */
  int size() {
    return members.size();
  }
}
