package babelmux.worker.session;

import babelmux.worker.timeline.SampleRate;

/** Drives a {@link Pipeline}: gives it the source's clock, deadlines and waking. */
interface PipelineDriver extends SourceClock {
  /**
   * The time by which the answer for a segment must be here, nanoseconds of the driver's clock.
   * Reader's thread.
   *
   * @param startUs session time at which the segment begins
   * @param rate of the session's audio
   */
  long answerDueNanos(long startUs, SampleRate rate);

  /** The delay line is no longer empty, or the source is gone. Any thread; must not block. */
  default void wakeOutput() {}

  /**
   * There is room in the delay line, or a slot was decided. Any thread, perhaps with a lock held;
   * must not block or call the pipeline.
   */
  default void wakeReader() {}
}
