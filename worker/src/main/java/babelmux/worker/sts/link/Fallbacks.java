package babelmux.worker.sts.link;

import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.StsObserver;
import babelmux.worker.sts.StsOutcome.Fallback;

/** Settles fragments without a dub, and says so. */
record Fallbacks(LinkOutput output, StsObserver observer) {

  void settle(Submission submission, FallbackReason reason, String detail) {
    observer.fellBack(submission.segmentIndex(), submission.fragmentId(), reason, detail);
    output.settle(submission, new Fallback(reason, detail));
  }
}
