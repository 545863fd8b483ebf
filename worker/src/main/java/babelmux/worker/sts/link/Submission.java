package babelmux.worker.sts.link;

import babelmux.worker.sts.StsFragment;
import babelmux.worker.sts.StsOutcome;
import java.util.concurrent.CompletableFuture;

/**
 * A fragment that was handed over.
 *
 * @param deadline when its slot needs it, nanoseconds since the link was opened
 */
record Submission(StsFragment fragment, long deadline, CompletableFuture<StsOutcome> result) {

  /** The same at every try. */
  String fragmentId() {
    return fragment.id();
  }

  long segmentIndex() {
    return fragment.segmentIndex();
  }
}
