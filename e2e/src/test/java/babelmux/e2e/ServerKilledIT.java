package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.origin.MediaServer;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The media server is killed with a stream on air, and started again. */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class ServerKilledIT {
  private static final String ID = "killed";
  private static final String OUT = "live/" + ID + "/out";

  /** Longer than the server is away: what was read before leaves through the new server. */
  private static final Duration DELAY = Duration.ofSeconds(16);

  /**
   * Behind the third try, which comes 7 to 10.7 s after the loss: without a word, the output would
   * be tried again 8 s after that.
   */
  private static final Duration AWAY = Duration.ofMillis(10_700);

  private final ExecutorService pool = Executors.newCachedThreadPool();

  @Test
  @Timeout(120)
  void theOutputIsBackAsSoonAsTheServerIs() throws Exception {
    Path film = Films.noBframes();
    Map<String, String> settings = Map.of("delay", DELAY.toSeconds() + "s", "source.grace", "20s");
    try (Running running = Running.start(StsEchoConfig.builder(), settings)) {
      MediaServer server = running.stack().server();
      try (MediaTask publisher = running.publish(ID, film)) {
        awaitOutput(running, "up");
        assertThat(publisher.said()).isEmpty();
        server.kill();
      }
      Running.await(
          "the loss is seen",
          Duration.ofSeconds(10),
          () -> running.stream(ID).at("/flags/destinationDown").asBoolean());
      TimeUnit.NANOSECONDS.sleep(AWAY.toNanos());
      server.restart();
      long backNanos = System.nanoTime();
      try (MediaTask publisher = running.publish(ID, film)) {
        Tap viewer = Tap.watch(running, OUT, pool);
        Running.await(
            "a viewer sees the output again",
            Duration.ofSeconds(20),
            () -> !viewer.video().isEmpty() && !viewer.sound().isEmpty());
        Tap.Seen first = viewer.video().get(0);
        long millis = (first.arrivalNanos() - backNanos) / 1_000_000;
        Report.measured("server killed and back: output again (ms)", millis);
        assertThat(first.key()).isTrue();
        // 3 s, and 2 s for a machine that has other work.
        assertThat(millis).isLessThan(5_000);
        Running.await(
            "the source is read again",
            Duration.ofSeconds(20),
            () -> running.metric("worker_source_reconnections_total", ID, "") == 1);
        Report.measured(
            "server killed and back: source read again within (ms)",
            (System.nanoTime() - backNanos) / 1_000_000);
        awaitOutput(running, "up");
        assertThat(running.stream(ID).at("/destinations/0/reconnects").asInt()).isEqualTo(1);
        assertThat(running.streams().path("streams")).hasSize(1);
        assertThat(publisher.said()).isEmpty();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static void awaitOutput(Running running, String state) {
    Running.await(
        "the output is " + state,
        Duration.ofSeconds(40),
        () -> running.stream(ID).at("/destinations/0/state").asText().equals(state));
  }
}
