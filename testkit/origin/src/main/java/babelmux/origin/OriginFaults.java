package babelmux.origin;

import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Faults of the embedded origin, on request; those of connections are {@code faultproxy}'s. Every
 * call returns when the fault is in force. Any thread but an event loop. Paths are named like
 * {@code live/demo/in}.
 */
public final class OriginFaults {
  /** Runs work on the origin's event loop and waits for it. */
  interface Loop {
    <T> T call(Supplier<T> work);

    /** Opens or closes the Control API's port. */
    void apiListening(boolean on);
  }

  private final Loop loop;
  private final FaultPlan plan;
  private final RtmpServer server;

  OriginFaults(Loop loop, FaultPlan plan, RtmpServer server) {
    this.loop = loop;
    this.plan = plan;
    this.server = server;
  }

  /** New publishers of the path get {@code NetStream.Publish.Unauthorized}. */
  public void refusePublishers(String path, boolean on) {
    run(() -> set(plan.refusedPublishers, path, on));
  }

  /** New readers of the path get {@code NetStream.Play.Failed}. */
  public void refuseReaders(String path, boolean on) {
    run(() -> set(plan.refusedReaders, path, on));
  }

  /**
   * Readers of the path keep their connections where MediaMTX ends them, such as when times fall;
   * they then get the publisher's own times. So do other servers.
   */
  public void keepReaders(String path, boolean on) {
    run(() -> set(plan.keptReaders, path, on));
  }

  /**
   * As if another publisher had taken the path over: readers get end of file, hooks run with a new
   * source id, the same media goes on.
   *
   * @return whether the path was ready
   */
  public boolean replacePublisher(String path) {
    return loop.call(
        () -> {
          RelayPath ready = server.relay().path(path);
          if (ready != null) {
            ready.source().replaceItself();
          }
          return ready != null;
        });
  }

  /** Plans what happens to the next {@code times} hooks of this kind. */
  public void hook(HookEvent event, HookFault fault, int times) {
    run(() -> plan.hook(event, fault, times));
  }

  /** The Control API's port is closed, or open again on the same number. */
  public void apiDown(boolean down) {
    loop.apiListening(!down);
  }

  /** Every request to the Control API gets this status; 0 = none. */
  public void apiStatus(int status) {
    run(() -> plan.apiStatus = status);
  }

  /** Every answer of the Control API comes this much later. */
  public void apiDelay(Duration delay) {
    run(() -> plan.apiDelayMs = delay.toMillis());
  }

  /** Ends all faults. */
  public void clear() {
    run(plan::clear);
    apiDown(false);
  }

  private static void set(Set<String> paths, String path, boolean on) {
    if (on) {
      paths.add(path);
    } else {
      paths.remove(path);
    }
  }

  private void run(Runnable work) {
    loop.<Boolean>call(
        () -> {
          work.run();
          return true;
        });
  }
}
