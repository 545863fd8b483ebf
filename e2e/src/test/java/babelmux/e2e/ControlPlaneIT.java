package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.app.LocalStackFactory;
import babelmux.demo.LocalStack;
import babelmux.demo.StreamStates;
import babelmux.demo.Web;
import babelmux.origin.FreePort;
import babelmux.origin.MediaServer;
import babelmux.origin.OriginConfig;
import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.testmedia.MediaTask;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Fault rows 8 and 9: the Control API hangs, is down and refuses, and hooks are doubled and lost,
 * while a stream is on air. On the embedded origin always, on MediaMTX where it is found.
 */
@Order(4)
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class ControlPlaneIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** So long that a dub is in time on a busy machine. */
  private static final Duration DELAY = Duration.ofSeconds(12);

  /** Loses and doubles the hooks of some streams. */
  private static final String HOOKS =
      """
      #!/bin/sh
      case $MTX_PATH:$1 in
        live/lost/in:ready | live/slow/in:not-ready) exit 0 ;;
        live/denied/in:ready) BABELMUX_HEARTBEAT_SECONDS=0 "$MTX_HOOK" "$1" || exit 1 ;;
      esac
      exec "$MTX_HOOK" "$1"
      """;

  private final List<MediaTask> publishers = new ArrayList<>();

  @AfterEach
  void stop() {
    publishers.forEach(MediaTask::close);
  }

  @Test
  @Timeout(120)
  void hooksWorkWithoutTheApiAndTheApiWithoutHooks() throws Exception {
    Assumptions.assumeTrue(Servers.currentIsEmbedded(), "the embedded origin");
    faultsWithAStreamOnAir(Servers.EMBEDDED, "embedded");
  }

  @Test
  @Timeout(120)
  void soTheyDoOnMediaMtx() throws Exception {
    faultsWithAStreamOnAir(Servers.realOrSkip(), "mediamtx");
  }

  private void faultsWithAStreamOnAir(String mediaMtx, String name) throws Exception {
    Path folder = Films.folder(ControlPlaneIT.class);
    Path film = Films.cut(Films.counting(), folder.resolve(name + "-film.mp4"), 18);
    Path hooks = Files.writeString(folder.resolve("hooks"), HOOKS);
    Files.setPosixFilePermissions(hooks, PosixFilePermissions.fromString("rwx------"));
    URI workerUrl = URI.create("http://127.0.0.1:" + FreePort.onLoopback());
    try (MediaServer server = MediaServer.start(mediaMtx, origin(hooks, workerUrl));
        ApiFaults api = new ApiFaults(server);
        Running running = Running.of(stack(server, api, workerUrl))) {
      Future<OnAir> air = OnAir.start(running, "on-air", film, folder.resolve(name + "-out.flv"));
      Running.await(
          "the stream is read", LIMIT, () -> StreamStates.isReading(running.stream("on-air")));

      api.hang();
      awaitTrouble(running, "timed out");
      publishers.add(running.publish("lost", Films.counting()));
      publish(running, "slow");

      api.down();
      awaitTrouble(running, "refused");
      publish(running, "down");
      // The viewer asks the API where to look.
      Running.await("a viewer", LIMIT, () -> running.isRead("live/on-air/out"));

      api.deny();
      awaitTrouble(running, "status 401");
      publish(running, "denied");
      assertThat(ids(running)).containsExactlyInAnyOrder("on-air", "slow", "down", "denied");
      assertThat(health(running).path("status").asText()).isEqualTo("degraded");

      api.allow();
      long allowedNanos = System.nanoTime();
      Running.await(
          "the stream whose hook was lost is read",
          LIMIT,
          () -> StreamStates.isReading(running.stream("lost")));
      Report.measured(
          name + ": API back: the stream whose hook was lost is read after (ms)",
          (System.nanoTime() - allowedNanos) / 1_000_000);
      Running.await("no trouble", LIMIT, () -> trouble(running).isEmpty());
      assertThat(ids(running))
          .containsExactlyInAnyOrder("on-air", "slow", "down", "denied", "lost");
      // Its publisher leaves without a not-ready: its connection has ended, too.
      running.awaitListed("live/slow/out", LIMIT);
      publishers.get(1).close();
      for (String id : List.of("down", "denied", "lost")) {
        running.awaitListed("live/" + id + "/out", LIMIT);
      }
      air.get().assertUntouched(running, List.of("0", "1", "2"));
      assertThat(running.awaitOver("slow").path("state").asText()).isEqualTo("ENDED");
    }
  }

  private static OriginConfig origin(Path hooks, URI workerUrl) {
    Path hook = Path.of(System.getProperty("babelmux.home", ""), "deploy/mediamtx/hooks/mtx-hook");
    return OriginConfig.builder()
        .onReady("$HOOKS ready")
        .onNotReady("$HOOKS not-ready")
        .hookEnvironment(
            Map.of(
                "HOOKS", hooks.toAbsolutePath().toString(),
                "MTX_HOOK", hook.toAbsolutePath().normalize().toString(),
                "ORCHESTRATOR_URL", workerUrl.toString()))
        .build();
  }

  private static LocalStack stack(MediaServer server, ApiFaults api, URI workerUrl)
      throws IOException, InterruptedException {
    StsEcho sts = StsEcho.start(StsEchoConfig.builder().port(0).voice(VoiceKind.TONE).build());
    Map<String, String> settings =
        Map.of(
            "http.port",
            Integer.toString(workerUrl.getPort()),
            "mediamtx.rtmp-url",
            server.rtmpUrl().toString(),
            "mediamtx.api-url",
            api.url().toString(),
            "mediamtx.reconcile-interval",
            "1s",
            "sts.url",
            sts.url().toString(),
            "delay",
            DELAY.toMillis() + "ms",
            "source.grace",
            "1s",
            "admission.cpu",
            "false");
    try {
      return new LocalStack(server, sts, LocalStackFactory.worker(settings), workerUrl);
    } catch (IOException | InterruptedException | RuntimeException e) {
      sts.close();
      throw e;
    }
  }

  /** Publishes the film, and waits until the worker reads it. */
  private void publish(Running running, String id) throws Exception {
    publishers.add(running.publish(id, Films.counting()));
    Running.await(id + " is read", LIMIT, () -> StreamStates.isReading(running.stream(id)));
  }

  /** The stream of each session. */
  private static List<String> ids(Running running) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    running.streams().path("streams").forEach(stream -> ids.add(stream.path("streamId").asText()));
    return ids;
  }

  private static JsonNode health(Running running) throws InterruptedException {
    return Web.json(running.url("/health/ready"));
  }

  /** What the worker says of the API; empty when it is well. */
  private static String trouble(Running running) throws InterruptedException {
    JsonNode health = health(running);
    assertThat(health.path("refusals")).isEmpty();
    for (JsonNode degraded : health.path("degraded")) {
      if (degraded.path("component").asText().equals("mediamtx-api")) {
        return degraded.path("reason").asText();
      }
    }
    return "";
  }

  private static void awaitTrouble(Running running, String reason) {
    Running.await(
        "the API's trouble is said: " + reason, LIMIT, () -> trouble(running).contains(reason));
  }
}
