package babelmux.worker.streams;

import babelmux.worker.destinations.DestinationUrl;
import babelmux.worker.state.SavedDestination;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The destinations that the API has added to streams which are not over: a stream that is started
 * again, also by a worker that was, is sent there again. Thread-safe; no method blocks.
 */
final class AddedDestinations {

  /** Keeps them over a restart. Called in the order of the changes; must not block. */
  interface Store {
    void save(SavedDestination destination);

    void remove(String streamId, String name);
  }

  // All of these are guarded by this. By stream and name.
  private final Map<String, Map<String, DestinationUrl>> added = new TreeMap<>();
  // Streams of before the restart that have not come back yet.
  private final Set<String> unclaimed = new HashSet<>();
  private @Nullable Store store;

  /** From now on, changes are kept there. */
  synchronized void keepIn(Store used) {
    store = used;
  }

  /** A stream has got one more. */
  synchronized void add(DestinationRequest request) {
    put(request.streamId(), request.name(), request.url());
    if (store != null) {
      store.save(new SavedDestination(request.streamId(), request.name(), request.url()));
    }
  }

  private void put(String id, String name, DestinationUrl url) {
    added.computeIfAbsent(id, unknown -> new TreeMap<>()).put(name, url);
  }

  /** One is not wanted any more; false when it was none of these. */
  synchronized boolean remove(String id, String name) {
    Map<String, DestinationUrl> urls = added.get(id);
    if (urls == null || urls.remove(name) == null) {
      return false;
    }
    if (urls.isEmpty()) {
      added.remove(id);
      unclaimed.remove(id);
    }
    if (store != null) {
      store.remove(id, name);
    }
    return true;
  }

  /** A stream is over, and its destinations with it. */
  synchronized void forget(String id) {
    Map<String, DestinationUrl> urls = added.get(id);
    if (urls != null) {
      List.copyOf(urls.keySet()).forEach(name -> remove(id, name));
    }
  }

  /** All streams are over. */
  synchronized void forgetAll() {
    List.copyOf(added.keySet()).forEach(this::forget);
  }

  /** Those of a stream that starts, in the order of their names. */
  synchronized List<DestinationRequest> claim(String id) {
    unclaimed.remove(id);
    List<DestinationRequest> requests = new ArrayList<>();
    added
        .getOrDefault(id, Map.of())
        .forEach((name, url) -> requests.add(new DestinationRequest(id, name, url)));
    return requests;
  }

  /**
   * What was kept of before the restart is read. What was added since stays as it is.
   *
   * @return those that are new
   */
  synchronized List<DestinationRequest> restore(List<SavedDestination> kept) {
    List<DestinationRequest> restored = new ArrayList<>();
    for (SavedDestination one : kept) {
      String id = one.streamId();
      if (!added.getOrDefault(id, Map.of()).containsKey(one.name())) {
        if (!added.containsKey(id)) {
          unclaimed.add(id);
        }
        put(id, one.name(), one.url());
        restored.add(new DestinationRequest(id, one.name(), one.url()));
      }
    }
    return restored;
  }

  /**
   * Streams of before the restart that have not come back are over, but for those that are wanted.
   */
  synchronized void forgetUnclaimed(Predicate<String> isWanted) {
    List.copyOf(unclaimed).stream().filter(isWanted.negate()).forEach(this::forget);
  }
}
