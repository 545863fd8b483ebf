package babelmux.worker.state;

import java.util.List;

/**
 * What is kept.
 *
 * @param streams ordered by id
 * @param drained whether the worker was drained by the API, and that was not taken back
 */
public record SavedState(List<SavedStream> streams, boolean drained) {
  public SavedState {
    streams = List.copyOf(streams);
  }
}
