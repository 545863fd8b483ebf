package babelmux.app.drill;

import babelmux.faultproxy.FaultProxy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A proxy before each part of an installation, and the faults that they make. One thread at a time;
 * whoever opened it closes it.
 */
public final class Drill implements AutoCloseable {

  /** Waits a while. */
  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  private final Map<String, FaultProxy> proxies = new LinkedHashMap<>();
  private final Sleeper sleeper;
  private final Consumer<String> said;

  private Drill(Sleeper sleeper, Consumer<String> said) {
    this.sleeper = sleeper;
    this.said = said;
  }

  /**
   * Starts the proxies.
   *
   * @param parts by name
   * @param said takes what happens, a line each
   * @throws IOException if an address is unknown or a port is taken
   */
  public static Drill open(Map<String, DrillPart> parts, Consumer<String> said) throws IOException {
    return open(parts, time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()), said);
  }

  static Drill open(Map<String, DrillPart> parts, Sleeper sleeper, Consumer<String> said)
      throws IOException {
    Drill drill = new Drill(sleeper, said);
    try {
      for (Map.Entry<String, DrillPart> part : parts.entrySet()) {
        drill.proxies.put(
            part.getKey(), FaultProxy.to(part.getValue().url(), part.getValue().listenPort()));
      }
      return drill;
    } catch (IOException | RuntimeException e) {
      drill.close();
      throw e;
    }
  }

  /** Names of the parts, in the order in which they were given. */
  public Set<String> parts() {
    return proxies.keySet();
  }

  /** What a part's user has to connect to instead of the part. */
  public URI url(String part) {
    return proxy(part).url();
  }

  private FaultProxy proxy(String part) {
    FaultProxy proxy = proxies.get(part);
    if (proxy == null) {
      throw new IllegalArgumentException(part + ": expected one of " + proxies.keySet());
    }
    return proxy;
  }

  /** Does a step; returns when it is done, after its time if it has one. */
  public void run(DrillStep step) throws InterruptedException {
    if (step instanceof DrillStep.Begin begin) {
      run(begin);
    } else if (step instanceof DrillStep.Wait wait) {
      said.accept(wait.line());
      sleeper.sleep(wait.time());
    }
  }

  private void run(DrillStep.Begin step) throws InterruptedException {
    FaultProxy proxy = proxy(step.part());
    said.accept("%s, connections: %d".formatted(step.line(), proxy.connections()));
    step.fault().begin(proxy, step.directions(), step.value());
    Duration time = step.time();
    if (time == null) {
      return;
    }
    try {
      sleeper.sleep(time);
    } finally {
      step.fault().end(proxy, step.directions());
    }
    said.accept("%s %s is over".formatted(step.part(), step.fault().word()));
  }

  /** Ends all connections and frees the ports. Idempotent. */
  @Override
  public void close() {
    proxies.values().forEach(FaultProxy::close);
  }
}
