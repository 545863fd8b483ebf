package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.Web;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.testmedia.MediaTask;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hooks for paths that nobody publishes, more than the worker has places; thousands at once. */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class HookFloodIT {
  /** So long that a dub is in time on a machine that answers 10,000 hooks beside it. */
  private static final String LONG_DELAY = "12s";

  private final HttpClient client = HttpClient.newHttpClient();

  private static HttpRequest hook(String worker, String event, String id, String source) {
    String body =
        """
        {"path": "live/%s/in", "sourceType": "rtmpConn", "sourceId": "%s"}"""
            .formatted(id, source);
    return HttpRequest.newBuilder(URI.create(worker + "/v1/mediamtx/events/" + event))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private int tell(String worker, String id) throws IOException, InterruptedException {
    return client.send(hook(worker, "ready", id, id), BodyHandlers.discarding()).statusCode();
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

  @Test
  @Timeout(120)
  void tenThousandAtOnceLeaveAStreamOnAirUntouched() throws Exception {
    Path folder = Films.folder(HookFloodIT.class);
    Path film = Films.cut(Films.counting(), folder.resolve("film.mp4"), 18);
    StsEchoConfig.Builder sts = StsEchoConfig.builder().voice(VoiceKind.TONE);
    try (Running running = Running.start(sts, Map.of("max-streams", "20", "delay", LONG_DELAY))) {
      Future<OnAir> air = OnAir.start(running, "on-air", film, folder.resolve("out.flv"));
      running.awaitState("on-air", "LIVE", Duration.ofSeconds(30));
      String source = running.stream("on-air").at("/source/id").asText();
      assertThat(source).isNotEmpty();
      long startNanos = System.nanoTime();
      Map<Integer, Integer> answers = burst(running.url(""), source);
      Report.measured("10,000 hooks (ms)", (System.nanoTime() - startNanos) / 1_000_000);
      Report.measured("10,000 hooks: answers by status", answers);
      assertThat(answers.keySet()).isSubsetOf(200, 422, 503);
      // All that repeat the stream's own hook, and the not-readys; all hostile paths.
      assertThat(answers.get(200)).isGreaterThanOrEqualTo(6_000);
      assertThat(answers.get(422)).isEqualTo(3_000);
      air.get(60, TimeUnit.SECONDS).assertUntouched(running, List.of("0", "1", "2"));
      assertThat(running.metric("worker_source_reconnections_total", "on-air", "")).isZero();
    }
  }

  /** 10,000 hooks, 100 at a time: four in ten the stream's own, which changes nothing. */
  private Map<Integer, Integer> burst(String worker, String source) throws Exception {
    Map<Integer, Integer> answers = new TreeMap<>();
    for (int round = 0; round < 100; round++) {
      List<CompletableFuture<HttpResponse<Void>>> sent = new ArrayList<>();
      for (int n = 0; n < 100; n++) {
        String id = "fake" + round;
        HttpRequest request =
            switch (n % 10) {
              case 0, 1, 2, 3 -> hook(worker, "ready", "on-air", source);
              case 4 -> hook(worker, "ready", id, id + "-" + n);
              case 5, 6 -> hook(worker, "not-ready", id, id + "-" + n);
              default -> hook(worker, "ready", "../etc", source);
            };
        sent.add(client.sendAsync(request, BodyHandlers.discarding()));
      }
      for (CompletableFuture<HttpResponse<Void>> answer : sent) {
        answers.merge(answer.get(30, TimeUnit.SECONDS).statusCode(), 1, Integer::sum);
      }
    }
    return answers;
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
