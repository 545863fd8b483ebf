package babelmux.worker.state;

import java.util.List;

/**
 * What is kept.
 *
 * @param streams ordered by id
 * @param destinations ordered by id and name
 * @param drained whether the worker was drained by the API, and that was not taken back
 * @param skipped one sentence for each file of ours that cannot be read
 */
public record SavedState(
    List<SavedStream> streams,
    List<SavedDestination> destinations,
    boolean drained,
    List<String> skipped) {
  public SavedState {
    streams = List.copyOf(streams);
    destinations = List.copyOf(destinations);
    skipped = List.copyOf(skipped);
  }
}
