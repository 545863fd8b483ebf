package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.Web;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hooks for paths that nobody publishes, more than the worker has places, all the time. */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class HookFloodIT {
  private final HttpClient client = HttpClient.newHttpClient();

  private int tell(String worker, String id) throws IOException, InterruptedException {
    String body =
        """
        {"path": "live/%s/in", "sourceType": "rtmpConn", "sourceId": "%s"}"""
            .formatted(id, id);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(worker + "/v1/mediamtx/events/ready"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  /** Without the Control API nothing but the hook tells of the real stream. */
  @ParameterizedTest
  @ValueSource(strings = {"10s", "0s"})
  void aRealStreamIsTakenAndReachesTheOutputDuringTheFlood(String reconcileInterval)
      throws Exception {
    Map<String, String> settings =
        Map.of("max-streams", "20", "mediamtx.reconcile-interval", reconcileInterval);
    AtomicInteger told = new AtomicInteger();
    try (Running running = Running.start(StsEchoConfig.builder(), settings)) {
      for (int i = 0; i < 100; i++) {
        assertThat(tell(running.url(""), "fake" + told.getAndIncrement())).isIn(200, 503);
      }
      Thread flood = new Thread(() -> flood(running.url(""), told), "flood");
      flood.start();
      try (MediaTask publisher = running.publish("real", Films.counting())) {
        running.awaitState("real", "LIVE", Duration.ofSeconds(30));
        running.awaitListed("live/real/out", Duration.ofSeconds(10));
        assertThat(told.get()).isGreaterThan(200);
        assertThat(flood.isAlive()).isTrue();
        publisher.kill();
      } finally {
        flood.interrupt();
        flood.join();
      }
      Report.measured("hooks for paths that nobody publishes", told.get());
      assertThat(Web.text(running.url("/metrics")))
          .containsPattern("worker_streams_evicted_total [1-9]");
    }
  }

  private void flood(String worker, AtomicInteger told) {
    try {
      while (true) {
        tell(worker, "fake" + told.getAndIncrement());
        Thread.sleep(20); // 50 hooks a second
      }
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
