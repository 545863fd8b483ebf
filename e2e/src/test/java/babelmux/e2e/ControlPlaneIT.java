package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.StreamStates;
import babelmux.demo.Web;
import babelmux.origin.HookEvent;
import babelmux.origin.HookFault;
import babelmux.origin.OriginFaults;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.testmedia.MediaTask;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Fault rows 8 and 9: the Control API refuses, is down and hangs, and hooks are doubled and lost,
 * while a stream is on air. The faults are the embedded origin's.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class ControlPlaneIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** The delay is so long that a dub is in time on a busy machine. */
  private static final Map<String, String> SETTINGS =
      Map.of("mediamtx.reconcile-interval", "1s", "delay", "12s");

  private final List<MediaTask> publishers = new ArrayList<>();

  @AfterEach
  void stop() {
    publishers.forEach(MediaTask::close);
  }

  @Test
  @Timeout(120)
  void hooksWorkWithoutTheApiAndTheApiWithoutHooks() throws Exception {
    Assumptions.assumeTrue(Servers.currentIsEmbedded(), "the embedded origin's faults");
    Path folder = Films.folder(ControlPlaneIT.class);
    Path film = Films.cut(Films.counting(), folder.resolve("film.mp4"), 18);
    StsEchoConfig.Builder sts = StsEchoConfig.builder().voice(VoiceKind.TONE);
    try (Running running = Running.start(sts, SETTINGS)) {
      OriginFaults faults = running.origin().faults();
      Future<OnAir> air = OnAir.start(running, "on-air", film, folder.resolve("out.flv"));
      // The viewer asks the API where to look.
      Running.await("a viewer", LIMIT, () -> running.isRead("live/on-air/out"));

      faults.apiStatus(401);
      awaitTrouble(running, "status 401");
      faults.hook(HookEvent.READY, HookFault.DOUBLE, 1);
      publish(running, "denied");

      faults.apiDown(true);
      awaitTrouble(running, "refused");
      publish(running, "down");
      faults.hook(HookEvent.READY, HookFault.LOSE, 1);
      publishers.add(running.publish("lost", Films.counting()));

      faults.apiStatus(0);
      faults.apiDelay(Duration.ofSeconds(60));
      faults.apiDown(false);
      awaitTrouble(running, "timed out");
      publish(running, "slow");
      assertThat(ids(running)).containsExactlyInAnyOrder("on-air", "denied", "down", "slow");
      assertThat(health(running).path("status").asText()).isEqualTo("degraded");

      faults.clear();
      long clearNanos = System.nanoTime();
      Running.await(
          "the stream whose hook was lost is read",
          LIMIT,
          () -> StreamStates.isReading(running.stream("lost")));
      Report.measured(
          "API back: the stream whose hook was lost is read after (ms)",
          (System.nanoTime() - clearNanos) / 1_000_000);
      Running.await("no trouble", LIMIT, () -> trouble(running).isEmpty());
      assertThat(ids(running))
          .containsExactlyInAnyOrder("on-air", "denied", "down", "slow", "lost");
      // Its publisher leaves without a not-ready: its connection has ended, too.
      running.awaitListed("live/denied/out", LIMIT);
      faults.hook(HookEvent.NOT_READY, HookFault.LOSE, 100);
      publishers.get(0).close();
      for (String id : List.of("down", "slow", "lost")) {
        running.awaitListed("live/" + id + "/out", LIMIT);
      }
      air.get().assertUntouched(running, List.of("0", "1", "2"));
      assertThat(running.awaitOver("denied").path("state").asText()).isEqualTo("ENDED");
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
