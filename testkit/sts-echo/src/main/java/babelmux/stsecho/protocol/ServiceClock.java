package babelmux.stsecho.protocol;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real time, on the protocol's thread. */
record ServiceClock(Clock wall, ScheduledExecutorService protocol) implements Scheduler {
  private static final Logger log = LoggerFactory.getLogger(ServiceClock.class);

  @Override
  public long unixMs() {
    return wall.millis();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public void after(Duration delay, Runnable task) {
    try {
      protocol.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("closing: delayed task dropped");
    }
  }

  /** A task whose failure is logged instead of forgotten. */
  static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.error("an event could not be handled", e);
      }
    };
  }
}
