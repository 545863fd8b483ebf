package babelmux.app;

import babelmux.demo.Distribution;
import babelmux.demo.LocalStack;
import babelmux.media.Natives;
import babelmux.origin.FreePort;
import babelmux.origin.MediaServer;
import babelmux.origin.OriginConfig;
import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.worker.config.ConfigLoader;
import babelmux.worker.config.WorkerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Starts origin, STS stand-in and worker in this process, wired to one another on free ports. */
public final class LocalStackFactory {
  private static final Duration WARM_UP_LIMIT = Duration.ofSeconds(20);
  private static final AtomicBoolean WARM = new AtomicBoolean();

  private LocalStackFactory() {}

  /**
   * @param mediaMtx {@code auto}, {@code none} or a path
   * @param delay D
   * @param err is told what is started
   */
  public static LocalStack start(String mediaMtx, Duration delay, PrintWriter err)
      throws IOException, InterruptedException {
    StsEchoConfig sts = StsEchoConfig.builder().port(0).voice(VoiceKind.COUNTING_ES).build();
    return start(
        mediaMtx, sts, Map.of("delay", delay.toMillis() + "ms", "source.grace", "1s"), err);
  }

  /**
   * @param mediaMtx {@code auto}, {@code none} or a path
   * @param stsConfig of the stand-in
   * @param more the worker's settings by key, over those that wire it to the others
   * @param err is told what is started
   */
  public static LocalStack start(
      String mediaMtx, StsEchoConfig stsConfig, Map<String, String> more, PrintWriter err)
      throws IOException, InterruptedException {
    Natives.load();
    warmUp();
    URI workerUrl = URI.create("http://127.0.0.1:" + FreePort.onLoopback());
    Path hook = Distribution.home().resolve("deploy/mediamtx/hooks/mtx-hook").toAbsolutePath();
    if (!Files.isExecutable(hook)) {
      throw new IOException(hook + " is missing: expected the hook program there");
    }
    MediaServer server = MediaServer.start(mediaMtx, originConfig(hook, workerUrl));
    try {
      LocalStack stack = startBeside(server, stsConfig, more, workerUrl);
      err.println(
          "origin %s, worker %s, STS stand-in on port %d"
              .formatted(server.name(), workerUrl, stack.sts().port()));
      return stack;
    } catch (IOException | InterruptedException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static LocalStack startBeside(
      MediaServer server, StsEchoConfig stsConfig, Map<String, String> more, URI workerUrl)
      throws IOException, InterruptedException {
    StsEcho sts = StsEcho.start(stsConfig);
    try {
      Map<String, String> settings = new HashMap<>();
      settings.put("http.port", Integer.toString(workerUrl.getPort()));
      settings.put("mediamtx.rtmp-url", server.rtmpUrl().toString());
      settings.put("mediamtx.api-url", server.apiUrl().toString());
      settings.put("mediamtx.hls-url", server.hlsUrl().toString());
      settings.put("page.hls-url", server.hlsUrl().toString());
      settings.put("sts.url", sts.url().toString());
      settings.putAll(more);
      return new LocalStack(server, sts, worker(settings), workerUrl);
    } catch (IOException | InterruptedException | RuntimeException e) {
      sts.close();
      throw e;
    }
  }

  /** As {@code serve} does, once in a process: the first stream is to be as good as the tenth. */
  private static void warmUp() throws InterruptedException {
    if (WARM.compareAndSet(false, true)) {
      WarmUp.begin().await(WARM_UP_LIMIT);
    }
  }

  /** The configuration of an origin that tells the worker with this hook program. */
  static OriginConfig originConfig(Path hook, URI workerUrl) {
    // As a variable: its value stays one word, whatever characters the path has.
    return OriginConfig.builder()
        .onReady("$MTX_HOOK ready")
        .onNotReady("$MTX_HOOK not-ready")
        .hookEnvironment(
            Map.of("ORCHESTRATOR_URL", workerUrl.toString(), "MTX_HOOK", hook.toString()))
        .build();
  }

  /**
   * A worker in this process. Whoever starts it closes it.
   *
   * @param settings by key
   */
  public static LocalStack.Worker worker(Map<String, String> settings)
      throws IOException, InterruptedException {
    WorkerConfig config = ConfigLoader.load(settings, Map.of(), null).config();
    return new WorkerServer(config, DubbingStreams::new).begin()::close;
  }
}
