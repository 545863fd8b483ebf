package babelmux.app.doctor;

import babelmux.hooks.HookListener;
import babelmux.hooks.HookRoutes;
import babelmux.hooks.HookVerdict;
import babelmux.hooks.PathPattern;
import babelmux.hooks.SourceEvent;
import babelmux.hooks.TestStreams;
import babelmux.worker.api.HookPort;
import babelmux.worker.config.HttpConfig;
import babelmux.worker.config.WorkerConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The worker's port where no worker runs: takes hooks while doctor looks. Whoever opens it closes
 * it.
 */
public final class LonePort implements AutoCloseable {
  private static final int RETRY_SECONDS = 5;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
  private final @Nullable HookPort port;
  private final Host host;

  /** Opens it; a port that cannot be bound is a finding. */
  public LonePort(WorkerConfig config) throws InterruptedException {
    this(config, new TestStreams());
  }

  /** The same for streams of one's own. */
  public LonePort(WorkerConfig config, TestStreams tests) throws InterruptedException {
    HttpConfig http = config.http();
    HookRoutes routes =
        new HookRoutes(
            PathPattern.parse(config.input().pathPattern().pattern()),
            tests.before(new NoWorker()));
    String where = "%s port %d".formatted(http.host(), http.port());
    HookPort opened = null;
    Finding finding;
    try {
      opened =
          HookPort.start(
              vertx,
              http,
              config.access(),
              routes::mount,
              reason -> tests.hookRefused(reason.label()));
      finding = Finding.ok(Code.PORT.subject(), where + " is free");
    } catch (IOException e) {
      finding = Finding.of(Code.PORT, "%s cannot be bound: %s".formatted(where, e.getMessage()));
    } catch (InterruptedException | RuntimeException e) {
      vertx.close();
      throw e;
    }
    port = opened;
    host =
        new Host(
            finding,
            opened == null ? http.port() : opened.port(),
            opened == null ? null : tests,
            Set::of,
            () -> 0);
  }

  /** What doctor needs of it. */
  public Host host() {
    return host;
  }

  @Override
  public void close() {
    if (port != null) {
      port.close();
    }
    // Nothing else runs on its threads, and they keep no process alive.
    vertx.close();
  }

  /** Real sources are for the worker that will be started: their hooks are sent again. */
  private static final class NoWorker implements HookListener {
    @Override
    public HookVerdict ready(SourceEvent event) {
      return new HookVerdict.Refused(
          "no_worker", "draining", "doctor has this port; no worker runs yet", RETRY_SECONDS);
    }

    @Override
    public HookVerdict notReady(SourceEvent event) {
      return new HookVerdict.Stopped();
    }
  }
}
