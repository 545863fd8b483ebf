package babelmux.app;

import babelmux.hooks.HookListener;
import babelmux.hooks.HookRoutes;
import babelmux.hooks.HookVerdict;
import babelmux.hooks.PathPattern;
import babelmux.hooks.SourceEvent;
import babelmux.media.AacEncoder;
import babelmux.media.AudioDecoder;
import babelmux.media.MediaException;
import babelmux.media.Sound;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes once through what the first publisher of the day will need, so that he does not wait for
 * classes and libraries to be loaded: a hook over a port of its own, and the way of a packet. Runs
 * beside the start; nothing depends on it, and when it fails nothing is lost but time.
 */
final class WarmUp implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
  private static final int LIMIT_MILLIS = 5000;
  private static final String HOOK =
      "{\"path\":\"live/warm-up/in\",\"sourceType\":\"rtmpConn\",\"sourceId\":\"warm-up\",\"query\":\"\"}";

  private WarmUp() {}

  /** Starts it on a thread of its own. */
  static void begin() {
    Thread thread = new Thread(new WarmUp(), "warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    long sinceNanos = System.nanoTime();
    try {
      media();
      hook();
      log.debug("warm after {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      log.debug("the first stream will take a little longer", e);
    }
  }

  private static void media() throws MediaException {
    try (AacEncoder encoder = new AacEncoder(48_000, 2, 128_000);
        AudioDecoder decoder = new AudioDecoder(encoder.format())) {
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

  private static void send(URI ready) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) ready.toURL().openConnection();
    connection.setConnectTimeout(LIMIT_MILLIS);
    connection.setReadTimeout(LIMIT_MILLIS);
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    try (OutputStream body = connection.getOutputStream()) {
      body.write(HOOK.getBytes(StandardCharsets.UTF_8));
    }
    log.debug("the hook was answered with {}", connection.getResponseCode());
    connection.disconnect();
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
