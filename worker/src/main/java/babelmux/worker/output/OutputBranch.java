package babelmux.worker.output;

import java.time.Duration;

/**
 * A place that the output goes to, with a queue and a thread of its own: none of the methods that
 * take packets blocks, and none throws. Whoever made it closes it.
 */
public interface OutputBranch extends PacketSink, AutoCloseable {
  /** Never blocks; copies the formats. */
  @Override
  void begin(OutputFormats formats);

  /** As {@link #begin}, of an output that runs already: it starts at the next keyframe. */
  default void join(OutputFormats formats) {
    begin(formats);
  }

  /** Never blocks; shares the packet. */
  @Override
  void write(OutputPacket packet);

  /** Never blocks. */
  @Override
  default void flush() {}

  /** Asks for the end: what is queued is written, then it ends in order. Does not block. */
  void beginFinish();

  /**
   * Waits for the end that was asked for, then closes in any case.
   *
   * @return whether everything queued was written
   */
  boolean awaitFinish(Duration limit) throws InterruptedException;

  /** Returns whether it has ended, and holds nothing any more. */
  default boolean isOver() {
    return false;
  }

  /** Closes at once; what is queued is lost. Blocks for at most 5 s. */
  @Override
  void close();
}
