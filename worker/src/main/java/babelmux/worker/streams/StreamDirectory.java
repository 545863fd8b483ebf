package babelmux.worker.streams;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The streams of this worker, as the API sees and controls them. Every method may take locks and be
 * called from any thread but an event loop; only {@link #start} and {@link #add} wait for a
 * network, and none waits for a drain.
 */
public interface StreamDirectory {

  /** All streams, running and recently ended, ordered by id. */
  List<StreamStatus> list();

  /** The stream with this id, or empty if there is none now nor was recently. */
  Optional<StreamStatus> get(String id);

  /** Ids of all streams, running and recently ended, in their order. */
  default Set<String> ids() {
    Set<String> ids = new TreeSet<>();
    list().forEach(stream -> ids.add(stream.streamId()));
    return ids;
  }

  /** The journal events of all streams; the same object every time. */
  default JournalFeed journal() {
    return StreamRegistry.NO_EVENTS;
  }

  /** What the worker holds, and may hold. */
  default WorkerLoad load() {
    return WorkerLoad.NONE;
  }

  /**
   * All that is known about the stream with this id, or empty if there is none now nor was
   * recently.
   */
  default Optional<StreamDebug> debug(String id) {
    return get(id).map(StreamDebug::of);
  }

  /**
   * The words of the stream with this id, and its output; of the session whose output is on air
   * where another one follows it. Empty if none runs.
   */
  default Optional<StreamCaptions> captions(String id) {
    return Optional.empty();
  }

  /**
   * Starts a stream whose source no hook tells of. May wait some seconds for the look-up of a name.
   */
  StartVerdict start(StreamRequest request) throws InterruptedException;

  /**
   * Ends a stream and returns at once. Draining a stream that already drains changes nothing.
   *
   * @param now whether it ends without a drain: what has not left is lost
   * @return whether there was a stream to end; false for an unknown or an already finished one
   */
  boolean end(String id, boolean now);

  /** Takes the dubs of a stream off air, or puts them back. */
  AirVerdict bypass(String id, BypassRequest request);

  /** Keeps the dub of one slot of a stream off air. */
  AirVerdict veto(String id, long slot);

  /**
   * Sends a stream to one more destination, which ends with it. May wait some seconds for the
   * look-up of a name.
   */
  DestinationVerdict add(DestinationRequest request) throws InterruptedException;

  /**
   * Sends a stream to one destination less: its connection ends in order, its name is free at once.
   */
  DestinationVerdict removeDestination(String id, String name) throws InterruptedException;

  /**
   * Drains all streams and accepts no new ones; returns at once. Changes nothing the second time.
   *
   * @return the number of streams that are still leaving
   */
  int drainAll();

  /**
   * Accepts new streams again; those that drain go on draining.
   *
   * @return false when the worker is shutting down, which nothing takes back
   */
  boolean acceptAgain();
}
