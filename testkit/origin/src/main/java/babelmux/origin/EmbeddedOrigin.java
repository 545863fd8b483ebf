package babelmux.origin;

import babelmux.origin.hook.HookRunner;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A stand-in for MediaMTX in this process, for demo and tests, never for production: RTMP publish
 * and play with opaque relay, HTTP-FLV, hooks, Control API, faults on request. One event loop does
 * everything. Its threads are daemons: the process ends when nothing else holds it.
 */
public final class EmbeddedOrigin implements MediaServer {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration HOOK_RESTART_PAUSE = Duration.ofSeconds(5);

  private final OriginConfig config;
  private final Vertx vertx;
  private final HookRunner hooks;
  private final RtmpServer rtmp;
  private final ControlApiServer api;
  private final FlvServer flv;
  private final OwnLoop ownLoop = new OwnLoop();
  private final OriginFaults faults;
  private final int rtmpPort;
  private final int apiPort;
  private final int hlsPort;
  private boolean running;
  private boolean apiListening;
  private boolean closed;

  private EmbeddedOrigin(OriginConfig config, Vertx vertx) {
    this.config = config;
    this.vertx = vertx;
    this.hooks = new HookRunner(HOOK_RESTART_PAUSE);
    FaultPlan plan = new FaultPlan();
    Clock clock = Clock.systemUTC();
    PathHooks pathHooks = new PathHooks(config, hooks, plan);
    Relay relay = new Relay(config, pathHooks, clock);
    this.rtmp = new RtmpServer(vertx, config, relay, plan, clock);
    this.api = new ControlApiServer(vertx, config, rtmp, clock.instant());
    this.flv = new FlvServer(vertx, rtmp);
    this.faults = new OriginFaults(ownLoop, plan, rtmp);
    this.rtmpPort = await(onLoop(() -> rtmp.listen(config.rtmpPort())));
    this.apiPort = await(onLoop(() -> api.listen(config.apiPort())));
    this.hlsPort = await(onLoop(() -> flv.listen(config.hlsPort())));
    this.running = true;
    this.apiListening = true;
  }

  /**
   * Starts and returns when RTMP and API answer.
   *
   * @throws IllegalStateException when a port is taken
   * @throws IllegalArgumentException when RTSP or SRT is wanted
   */
  public static EmbeddedOrigin start(OriginConfig config) {
    if (config.rtspPort() != 0 || config.srtPort() != 0) {
      throw new IllegalArgumentException("rtspPort, srtPort: the embedded origin has RTMP alone");
    }
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setUseDaemonThread(true)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    try {
      return new EmbeddedOrigin(config, vertx);
    } catch (RuntimeException e) {
      vertx.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "embedded origin";
  }

  @Override
  public URI rtmpUrl() {
    return URI.create("rtmp://" + config.host() + ":" + rtmpPort);
  }

  @Override
  public URI apiUrl() {
    return URI.create("http://" + config.host() + ":" + apiPort);
  }

  @Override
  public URI hlsUrl() {
    return URI.create("http://" + config.host() + ":" + hlsPort);
  }

  /** Faults on request; the same object every time. */
  public OriginFaults faults() {
    return faults;
  }

  @Override
  public synchronized void kill() {
    if (!running) {
      return;
    }
    running = false;
    // First: closing the ports would end connections in an orderly way.
    ownLoop.call(rtmp::breakAll);
    await(onLoop(rtmp::stopListening));
    setApiListening(false);
    ownLoop.call(rtmp::breakAll);
    await(onLoop(flv::stopListening));
    hooks.abandon();
  }

  @Override
  public synchronized void restart() {
    if (closed) {
      throw new IllegalStateException("the embedded origin is closed");
    }
    if (running) {
      return;
    }
    await(onLoop(() -> rtmp.listen(rtmpPort)));
    await(onLoop(() -> flv.listen(hlsPort)));
    setApiListening(true);
    running = true;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    await(onLoop(rtmp::stopListening));
    ownLoop.call(rtmp::closeAll);
    hooks.close();
    await(vertx.close());
  }

  private synchronized void setApiListening(boolean on) {
    if (on == apiListening) {
      return;
    }
    apiListening = on;
    if (on) {
      await(onLoop(() -> api.listen(apiPort)));
    } else {
      await(onLoop(api::stopListening));
    }
  }

  private <T> Future<T> onLoop(Supplier<Future<T>> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    vertx.runOnContext(
        ignored -> {
          try {
            work.get().onComplete(done::complete, done::completeExceptionally);
          } catch (RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    return Future.fromCompletionStage(done);
  }

  private static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("embedded origin: interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("embedded origin: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("embedded origin: no answer within " + LIMIT, e);
    }
  }

  /** The faults' way to the event loop. */
  private final class OwnLoop implements OriginFaults.Loop {
    @Override
    public <T> T call(Supplier<T> work) {
      return await(onLoop(() -> Future.succeededFuture(work.get())));
    }

    @Override
    public void apiListening(boolean on) {
      setApiListening(on);
    }
  }
}
