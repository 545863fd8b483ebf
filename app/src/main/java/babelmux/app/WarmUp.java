package babelmux.app;

import babelmux.hooks.HookListener;
import babelmux.hooks.HookRoutes;
import babelmux.hooks.HookVerdict;
import babelmux.hooks.PathPattern;
import babelmux.hooks.SourceEvent;
import babelmux.media.AacEncoder;
import babelmux.media.AudioStreamDecoder;
import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Sink;
import babelmux.media.SinkOptions;
import babelmux.media.Sound;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.worker.config.DelayConfig;
import babelmux.worker.metrics.WorkerMetrics;
import babelmux.worker.session.DubListener;
import babelmux.worker.session.DubSpec;
import babelmux.worker.session.Session;
import babelmux.worker.session.SessionFailure;
import babelmux.worker.session.SessionListener;
import babelmux.worker.session.SessionOptions;
import babelmux.worker.session.SourceLocator;
import babelmux.worker.sound.SoundOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes once through what the first publisher of the day will need, so that it does not wait for
 * classes and libraries to be loaded: a hook over a port of its own, a stream's meters, the way of
 * a packet, and a session that reads a moment of silence. When it fails nothing is lost but time.
 */
final class WarmUp {
  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
  private static final int LIMIT_MILLIS = 5000;
  private static final String HOOK =
      "{\"path\":\"live/warm-up/in\",\"sourceType\":\"rtmpConn\",\"sourceId\":\"warm-up\",\"query\":\"\"}";

  private final List<Thread> threads;

  private WarmUp(List<Thread> threads) {
    this.threads = threads;
  }

  /** Begins; FFmpeg's libraries must have been loaded. */
  static WarmUp begin() {
    return new WarmUp(
        List.of(thread("hook", WarmUp::hook), thread("media", WarmUp::mediaAndSession)));
  }

  /** Waits for it, at most {@code limit}; what is not done by then goes on beside the streams. */
  void await(Duration limit) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    for (Thread thread : threads) {
      TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadlineNanos - System.nanoTime()));
    }
  }

  /** One thing to do. */
  private interface Step {
    void run() throws Exception;
  }

  private static Thread thread(String name, Step step) {
    Thread thread = new Thread(() -> run(name, step), "warm-up-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void run(String name, Step step) {
    long sinceNanos = System.nanoTime();
    try {
      step.run();
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
      log.debug("{}: warm after {} ms", name, millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | LinkageError e) {
      log.debug("{}: the first stream will take a little longer", name, e);
    }
  }

  private static void mediaAndSession() throws Exception {
    media();
    try (WorkerMetrics metrics = new WorkerMetrics("warm-up", Duration.ZERO, System::nanoTime)) {
      metrics.open("warm-up").close();
      metrics.scrape();
    }
    session();
  }

  /** Reads a second of silence and is over before any of it leaves. */
  private static void session() throws Exception {
    Path file = Files.createTempFile("babelmux-warm-up", ".flv");
    try {
      silence(file);
      CompletableFuture<Void> reading = new CompletableFuture<>();
      Session session =
          new Session(
              "warm-up",
              SourceLocator.at(file.toString()),
              List.of(),
              new SessionOptions(
                  Duration.ofSeconds(8),
                  DelayConfig.SEGMENT,
                  Duration.ZERO,
                  Duration.ofSeconds(5),
                  SessionOptions.LIVE_START),
              Runnable::run,
              List.of(
                  new DubSpec(
                      "warm-up",
                      SoundOptions.DEFAULT,
                      128_000,
                      true,
                      shape -> null,
                      new DubListener() {})),
              new SessionListener() {
                @Override
                public void buffering() {
                  reading.complete(null);
                }

                @Override
                public void ended(@Nullable SessionFailure failure) {
                  reading.complete(null);
                }
              });
      session.start();
      try {
        reading.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
      } finally {
        session.stop();
        session.over().get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void silence(Path file) throws MediaException {
    try (AacEncoder encoder = new AacEncoder(48_000, 2, 128_000);
        Sink sink =
            Sink.open(
                file.toString(),
                null,
                encoder.format(),
                SinkOptions.defaults(),
                new Sink.Opening())) {
      for (int frame = 0; frame < 48; frame++) {
        long at = (long) frame * AacEncoder.FRAME_SAMPLES;
        Sound silence = Sound.silence(2, AacEncoder.FRAME_SAMPLES, 48_000);
        for (AacEncoder.Encoded coded : encoder.encode(silence, at)) {
          try (Packet packet = coded.packet()) {
            long us = at * 1_000_000 / 48_000;
            sink.write(packet, us, us);
          }
        }
      }
      sink.finish();
    }
  }

  private static void media() throws MediaException {
    try (AacEncoder encoder = new AacEncoder(48_000, 2, 128_000);
        AudioStreamDecoder decoder = new AudioStreamDecoder(encoder.format())) {
      for (int frame = 0; frame < 4; frame++) {
        long at = (long) frame * AacEncoder.FRAME_SAMPLES;
        for (AacEncoder.Encoded coded :
            encoder.encode(Sound.silence(2, AacEncoder.FRAME_SAMPLES, 48_000), at)) {
          decoder.decode(coded.packet(), coded.startSample(), (sample, sound) -> {});
          coded.packet().close();
        }
      }
    }
    try (Source nothing = Source.open("rtmp://127.0.0.1:1/warm-up", SourceOptions.defaults())) {
      log.debug("something answers at {}", nothing.name());
    } catch (MediaException expected) {
      log.debug("RTMP is loaded");
    }
  }

  private static void hook() throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
    try {
      Router router = Router.router(vertx);
      new HookRoutes(PathPattern.parse("^live/([A-Za-z0-9_-]+)/in$"), new Nobody()).mount(router);
      HttpServer server =
          vertx
              .createHttpServer()
              .requestHandler(router)
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
      send(URI.create("http://127.0.0.1:" + server.actualPort() + "/v1/mediamtx/events/ready"));
    } finally {
      vertx.close();
    }
  }

  /** Not by the JDK's newer client, which would read its certificates for it. */
  private static void send(URI ready) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) ready.toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(LIMIT_MILLIS);
    connection.setReadTimeout(LIMIT_MILLIS);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    try {
      connection.getOutputStream().write(HOOK.getBytes(StandardCharsets.UTF_8));
      log.debug("the hook was answered with {}", connection.getResponseCode());
    } finally {
      connection.disconnect();
    }
  }

  /** Starts nothing. */
  private static final class Nobody implements HookListener {
    @Override
    public HookVerdict ready(SourceEvent event) {
      return new HookVerdict.Started();
    }

    @Override
    public HookVerdict notReady(SourceEvent event) {
      return new HookVerdict.Stopped();
    }
  }
}
