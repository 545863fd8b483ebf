package babelmux.app;

import babelmux.hooks.HookListener;
import babelmux.hooks.TestStreams;
import babelmux.worker.api.Readiness;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.streams.StreamDirectory;
import java.time.Duration;

/** The part that runs streams, as {@code serve} needs it. Whoever made it closes it. */
interface StreamRunner extends AutoCloseable {

  /** Looks for streams that no hook tells of. Once, when the port is bound. */
  void start();

  /**
   * Waits until the first look for streams is over.
   *
   * @param limit the longest wait
   * @return whether there is a stream
   */
  default boolean hasStreams(Duration limit) throws InterruptedException {
    return false;
  }

  /** The streams, for the API. */
  StreamDirectory directory();

  /** Told of sources that come and go; called on an event loop, must not block. */
  HookListener hooks();

  /** The streams that doctor publishes; the same object every time. */
  TestStreams tests();

  /** The answer to whether new streams are accepted now. */
  Readiness readiness();

  /** Takes other credentials for what is opened from now on; what runs goes on. Any thread. */
  default void use(WorkerConfig changed) {}

  /**
   * No new streams from now on, reading stops, what was received leaves at its time. Blocks until
   * that is done or the limit has passed.
   *
   * @return whether everything left within the limit
   */
  boolean drain(Duration limit) throws InterruptedException;

  /** Ends what still runs, without a drain. */
  @Override
  void close();
}
