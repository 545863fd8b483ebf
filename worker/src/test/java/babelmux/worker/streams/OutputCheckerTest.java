package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.hooks.Direction;
import babelmux.hooks.SourceEvent;
import babelmux.media.Natives;
import babelmux.worker.metrics.WorkerMetrics;
import babelmux.worker.readback.OutputCheck;
import babelmux.worker.readback.OutputReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutputCheckerTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofMinutes(5);

  private final WorkerMetrics metrics =
      new WorkerMetrics("test", Duration.ofMinutes(1), System::nanoTime);
  private final StreamEvents events =
      new StreamEvents(metrics.open("s0"), new LatenessWatch(System::nanoTime), () -> {});
  private final List<FakeStream> started = new ArrayList<>();
  private final StreamRegistry registry = FakeStream.registry(started, 100, Duration.ofMinutes(1));

  @AfterEach
  void nothingLeaks() {
    metrics.close();
    await().atMost(LIMIT).untilAsserted(() -> assertThat(Natives.live()).isZero());
  }

  /** Takes connections and says nothing. */
  private static ServerSocket silentServer() throws Exception {
    return new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
  }

  private void start(int streams, ServerSocket server) {
    while (started.size() < streams) {
      String id = "s" + started.size();
      registry.ready(
          new SourceEvent("live/" + id + "/in", id, Direction.IN, "rtmpConn", "1", "", "test"));
    }
    String url = "rtmp://127.0.0.1:" + server.getLocalPort() + "/live/s0/out";
    started.get(0).output = new CheckedOutput("s0", url, 0, true, true, events);
  }

  private OutputChecker checker(Duration limit) {
    return new OutputChecker(
        registry,
        Duration.ofMillis(20),
        new OutputReader.Limits(limit, Duration.ofSeconds(1), limit, Duration.ZERO),
        20);
  }

  @Test
  void withMoreThanTwentyStreamsNothingIsReadAndNothingHolds() throws Exception {
    try (ServerSocket server = silentServer();
        OutputChecker checker = checker(Duration.ofMillis(300))) {
      start(20, server);
      checker.start();
      await().atMost(LIMIT).until(() -> events.outputCheck() == OutputCheck.UNREACHABLE);
      assertThat(events.warnings()).hasSize(1);
      start(21, server);
      await().atMost(LIMIT).until(() -> started.get(0).outputUnchecked);
    }
  }

  @Test
  void aFailureIsBelievedWhenItIsRepeatedAndSaysWhy() throws Exception {
    try (ServerSocket server = silentServer();
        OutputChecker checker = checker(LONG)) {
      server.setSoTimeout((int) LIMIT.toMillis());
      start(1, server);
      checker.start();
      server.accept().close();
      try (var second = server.accept()) {
        assertThat(second.isConnected()).isTrue();
        assertThat(events.outputCheck()).isNull();
        assertThat(events.warnings()).isEmpty();
      }
      await().atMost(LIMIT).until(() -> events.outputCheck() == OutputCheck.UNREACHABLE);
      assertThat(events.warnings().toString())
          .contains("the output rtmp://127.0.0.1", "(cannot open rtmp://127.0.0.1");
    }
  }

  @Test
  void anOutputThatIsConnectedAgainMeanwhileIsNotJudged() throws Exception {
    try (ServerSocket server = silentServer();
        OutputChecker checker = checker(LONG)) {
      server.setSoTimeout((int) LIMIT.toMillis());
      start(1, server);
      checker.start();
      String url = "rtmp://127.0.0.1:" + server.getLocalPort() + "/live/s0/out";
      for (int connection = 1; connection < 4; connection++) {
        try (var reading = server.accept()) {
          assertThat(reading.isConnected()).isTrue();
          started.get(0).output = new CheckedOutput("s0", url, connection, true, true, events);
        }
      }
      assertThat(events.outputCheck()).isNull();
      assertThat(metrics.scrape())
          .contains("worker_output_checks_total{result=\"unreachable\",stream_id=\"s0\"} 0.0");
    }
  }

  @Test
  void theEndOfTheWorkerEndsAReadingAtOnce() throws Exception {
    try (ServerSocket server = silentServer()) {
      OutputChecker checker = checker(LONG);
      start(1, server);
      checker.start();
      server.accept();
      long since = System.nanoTime();
      checker.close();
      assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(4));
      assertThat(events.outputCheck()).isNull();
    }
  }

  @Test
  void theEndOfTheSessionEndsAReadingAtOnce() throws Exception {
    try (ServerSocket server = silentServer();
        OutputChecker checker = checker(LONG)) {
      start(1, server);
      checker.start();
      try (var first = server.accept()) {
        started.get(0).output = null;
        events.ended(null);
        // Its thread is free for the next output.
        StreamEvents next =
            new StreamEvents(metrics.open("s1"), new LatenessWatch(System::nanoTime), () -> {});
        String url = "rtmp://127.0.0.1:" + server.getLocalPort() + "/live/s1/out";
        started.get(0).output = new CheckedOutput("s1", url, 0, true, true, next);
        server.setSoTimeout((int) LIMIT.toMillis());
        assertThat(server.accept().isConnected()).isTrue();
        assertThat(first.isConnected()).isTrue();
      }
    }
  }
}
