package babelmux.worker.streams;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Decides what becomes of a new stream when the worker has no room for it. A hook can name a path
 * that nobody publishes; a stream that has never read a packet gives its place to a new one.
 * Functions of values.
 */
final class Admission {

  /** Evicted streams whose threads may still be ending while hooks evict further ones. */
  static final int MAX_ENDING = 16;

  private Admission() {}

  /**
   * A stream that holds a place.
   *
   * @param hasRead whether it has ever read a packet
   * @param isLeaving whether it ends anyway
   * @param isListed whether the Control API lists a source on its path
   * @param hasFailedToOpen whether its source was tried and could not be opened
   */
  record Holder(
      String streamId,
      boolean hasRead,
      boolean isLeaving,
      boolean isListed,
      boolean hasFailedToOpen) {

    private boolean isEvictable() {
      return !hasRead && !isLeaving && !isListed;
    }
  }

  /**
   * The stream that gives its place to a new one: the oldest whose source could not be opened, else
   * the oldest whose source is still being opened. Empty: the new one is refused.
   *
   * @param holders all that run, the oldest first
   * @param ending evicted streams that are not over yet
   * @param isListed whether the Control API lists a source on the new one's path: it is taken
   *     however many are ending, since listings name no more sources than there are
   */
  static Optional<String> evict(List<Holder> holders, int ending, boolean isListed) {
    if (ending >= MAX_ENDING && !isListed) {
      return Optional.empty();
    }
    Optional<String> failed = oldest(holders, Holder::hasFailedToOpen);
    return failed.isPresent() ? failed : oldest(holders, holder -> true);
  }

  private static Optional<String> oldest(List<Holder> holders, Predicate<Holder> condition) {
    return holders.stream()
        .filter(holder -> holder.isEvictable() && condition.test(holder))
        .map(Holder::streamId)
        .findFirst();
  }
}
