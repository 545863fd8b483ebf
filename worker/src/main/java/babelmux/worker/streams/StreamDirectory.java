package babelmux.worker.streams;

import java.util.List;
import java.util.Optional;

/**
 * The streams of this worker, as the API sees them. Every method may take locks and be called from
 * any thread but an event loop; none waits for a network or a drain.
 */
public interface StreamDirectory {

  /** All streams, running and recently ended, ordered by id. */
  List<StreamStatus> list();

  /** The stream with this id, or empty if there is none now nor was recently. */
  Optional<StreamStatus> get(String id);

  /**
   * Starts draining a stream and returns at once. Ending a stream that already drains changes
   * nothing.
   *
   * @return whether there was a stream to end; false for an unknown or an already finished one
   */
  boolean end(String id);
}
