package babelmux.worker.state;

import java.util.List;

/**
 * What is kept.
 *
 * @param streams ordered by id
 * @param drained whether the worker was drained by the API, and that was not taken back
 * @param skipped one sentence for each file of ours that cannot be read
 */
public record SavedState(List<SavedStream> streams, boolean drained, List<String> skipped) {
  public SavedState {
    streams = List.copyOf(streams);
    skipped = List.copyOf(skipped);
  }
}
