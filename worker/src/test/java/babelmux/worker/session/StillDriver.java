package babelmux.worker.session;

import babelmux.worker.timeline.SampleRate;

/** A driver whose time stands still, and whose answers are never late. */
final class StillDriver implements PipelineDriver {
  @Override
  public long elapsedUs(long sourceDtsUs, long nowNanos) {
    return 0;
  }

  @Override
  public void placed(TimedPacket packet, boolean newRun, long nowNanos) {}

  @Override
  public long answerDueNanos(long startUs, SampleRate rate) {
    return Long.MAX_VALUE;
  }
}
