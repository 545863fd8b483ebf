package babelmux.origin;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Faults of the embedded origin, on request. Every call returns when the fault is in force. Any
 * thread but an event loop. Paths are named like {@code live/demo/in}.
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

  /** New RTMP connections are reset; running ones go on. */
  public void refuseConnections(boolean on) {
    run(() -> plan.refuseConnections = on);
  }

  /** New publishers of the path get {@code NetStream.Publish.Unauthorized}. */
  public void refusePublishers(String path, boolean on) {
    run(() -> set(plan.refusedPublishers, path, on));
  }

  /** New readers of the path get {@code NetStream.Play.Failed}. */
  public void refuseReaders(String path, boolean on) {
    run(() -> set(plan.refusedReaders, path, on));
  }

  /** Nothing is taken from the path's publisher, whose socket fills; it is not timed out. */
  public void stallPublisher(String path, boolean on) {
    run(() -> set(plan.stalledPublishers, path, on));
  }

  /** Readers of the path, also new ones, get no media; their connections stay. */
  public void stallReaders(String path, boolean on) {
    run(
        () -> {
          set(plan.stalledReaders, path, on);
          readers(path, queue -> queue.stall(on));
        });
  }

  /**
   * Readers of the path keep their connections where MediaMTX ends them, such as when times fall;
   * they then get the publisher's own times. So do other servers.
   */
  public void keepReaders(String path, boolean on) {
    run(() -> set(plan.keptReaders, path, on));
  }

  /**
   * @param bytesPerSecond what is taken from the path's publisher; 0 = no limit
   */
  public void throttlePublisher(String path, long bytesPerSecond) {
    run(
        () -> {
          if (bytesPerSecond == 0) {
            plan.publisherRate.remove(path);
          } else {
            plan.publisherRate.put(path, bytesPerSecond);
          }
        });
  }

  /**
   * @param bytesPerSecond what each reader of the path gets; 0 = no limit
   */
  public void throttleReaders(String path, long bytesPerSecond) {
    run(
        () -> {
          if (bytesPerSecond == 0) {
            plan.readerRate.remove(path);
          } else {
            plan.readerRate.put(path, bytesPerSecond);
          }
          readers(path, queue -> queue.throttle(bytesPerSecond));
        });
  }

  /**
   * TCP reset to the publisher, whose readers get end of file.
   *
   * @return whether there was one
   */
  public boolean resetPublisher(String path) {
    return loop.call(
        () -> {
          RelayPath ready = server.relay().path(path);
          if (ready != null) {
            ready.source().reset("fault: publisher reset");
          }
          return ready != null;
        });
  }

  /**
   * TCP reset to all readers of the path.
   *
   * @return how many
   */
  public int resetReaders(String path) {
    return loop.call(
        () -> {
          RelayPath ready = server.relay().path(path);
          if (ready == null) {
            return 0;
          }
          int count = ready.readers().size();
          ready.readers().forEach(reader -> reader.reset("fault: reader reset"));
          return count;
        });
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

  /** What happens to the next {@code times} hooks of this kind. */
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
    run(
        () -> {
          plan.stalledReaders.forEach(path -> readers(path, queue -> queue.stall(false)));
          plan.readerRate.keySet().forEach(path -> readers(path, queue -> queue.throttle(0)));
          plan.clear();
        });
    apiDown(false);
  }

  private void readers(String path, Consumer<ReaderQueue> action) {
    RelayPath ready = server.relay().path(path);
    if (ready == null) {
      return;
    }
    for (RtmpConnection reader : ready.readers()) {
      ReaderQueue queue = reader.readerQueue();
      if (queue != null) {
        action.accept(queue);
      }
    }
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
