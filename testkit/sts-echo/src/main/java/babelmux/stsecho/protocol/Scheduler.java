package babelmux.stsecho.protocol;

import java.time.Duration;

/** Time as the protocol needs it; tests turn it by hand. */
interface Scheduler {
  /** Unix time. */
  long unixMs();

  /** Monotonic time. */
  long nanos();

  /** Runs the task later on the protocol's thread, unless the server closes before. */
  void after(Duration delay, Runnable task);
}
