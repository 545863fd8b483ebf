package babelmux.worker.destinations;

import babelmux.worker.output.Turn;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is at each URL: a URL takes one stream at a time, and the next one when that has
 * left. Thread-safe; no method blocks.
 */
public final class DestinationTurns {
  // The first of each queue has the turn.
  private final Map<String, Deque<Place>> queues = new HashMap<>();

  private final class Place implements Turn {
    private final String url;
    private final String streamId;
    private final CompletableFuture<Void> granted = new CompletableFuture<>();

    Place(String url, String streamId) {
      this.url = url;
      this.streamId = streamId;
    }

    @Override
    public CompletableFuture<Void> granted() {
      return granted;
    }

    @Override
    public @Nullable String holder() {
      return holderOf(this);
    }

    @Override
    public void close() {
      Place next = leave(this);
      if (next != null) {
        // Not under the lock: it wakes a destination, which has one of its own.
        next.granted.complete(null);
      }
    }
  }

  /**
   * Queues for a URL.
   *
   * @param url with all that tells it from others; secret
   * @param streamId is told to those behind
   */
  public Turn queue(String url, String streamId) {
    Place place = new Place(url, streamId);
    boolean first;
    synchronized (this) {
      Deque<Place> queue = queues.computeIfAbsent(url, key -> new ArrayDeque<>());
      queue.addLast(place);
      first = queue.peekFirst() == place;
    }
    if (first) {
      place.granted.complete(null);
    }
    return place;
  }

  private synchronized @Nullable String holderOf(Place place) {
    Deque<Place> queue = queues.get(place.url);
    Place first = queue == null ? null : queue.peekFirst();
    return first == null || first == place ? null : first.streamId;
  }

  /** Takes a place out; the one whose turn it is now because of that, if any. */
  private synchronized @Nullable Place leave(Place place) {
    Deque<Place> queue = queues.get(place.url);
    if (queue == null) {
      return null;
    }
    boolean had = queue.peekFirst() == place;
    queue.remove(place);
    if (queue.isEmpty()) {
      queues.remove(place.url);
    }
    return had ? queue.peekFirst() : null;
  }
}
