package babelmux.worker.streams;

import babelmux.hooks.ListedPath;
import babelmux.hooks.PathListing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notices that another worker publishes to our outputs: the connection is lost, and MediaMTX
 * receives bytes on the path nevertheless. A connection of ours that the server still believes in
 * sends nothing, so two listings are compared. One thread.
 */
final class OutputConflicts {
  /** Once may be a mistake of an operator. */
  static final int LIMIT = 2;

  private final Map<String, Set<Long>> replaced = new HashMap<>();

  /**
   * Takes note of what two listings tell of outages that lasted from before the first one until
   * after the second one.
   *
   * @param outages that lasted so long
   * @return those of streams that were replaced often enough to be given up
   */
  List<OutputOutage> judge(
      Collection<OutputOutage> outages, PathListing first, PathListing second) {
    List<OutputOutage> lost = new ArrayList<>();
    for (OutputOutage outage : outages) {
      if (isPublished(outage.path(), first, second)) {
        Set<Long> connections = replaced.computeIfAbsent(outage.streamId(), id -> new HashSet<>());
        if (connections.add(outage.connection()) && connections.size() == LIMIT) {
          lost.add(outage);
        }
      }
    }
    return lost;
  }

  /** Returns whether this outage has been counted. */
  boolean knows(OutputOutage outage) {
    return replaced.getOrDefault(outage.streamId(), Set.of()).contains(outage.connection());
  }

  /** Forgets streams that are over. */
  void keep(Collection<String> streamIds) {
    replaced.keySet().retainAll(streamIds);
  }

  private static boolean isPublished(String path, PathListing first, PathListing second) {
    ListedPath before = find(path, first);
    ListedPath after = find(path, second);
    return before != null
        && after != null
        && !after.sourceType().isEmpty()
        && before.sourceId().equals(after.sourceId())
        && after.inboundBytes() > before.inboundBytes();
  }

  private static @Nullable ListedPath find(String name, PathListing listing) {
    return listing.paths().stream()
        .filter(path -> Objects.equals(path.name(), name))
        .findFirst()
        .orElse(null);
  }
}
