package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.StreamStates;
import babelmux.demo.Web;
import babelmux.origin.FreePort;
import babelmux.origin.MediaServer;
import babelmux.origin.OriginConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A worker that is killed with SIGKILL and started again, told by no hook: it finds its publishers
 * through the Control API, and each output has one publisher. How fast that is, {@code bench kills}
 * measures.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class KillIT {
  private static final List<String> IDS = List.of("killed-a", "killed-b");
  private int mostPublishers;

  @Test
  @Timeout(120)
  void aKilledWorkerTakesItsStreamsUpAgainAndLeavesNoSecondPublisher() throws Exception {
    int port = FreePort.onLoopback();
    String worker = "http://127.0.0.1:" + port;
    List<MediaTask> publishers = new ArrayList<>();
    try (MediaServer server = MediaServer.start(Servers.current(), OriginConfig.defaults())) {
      for (String id : IDS) {
        String url = server.rtmpUrl() + "/live/" + id + "/in";
        publishers.add(StreamPublisher.loop(Films.counting(), url, 3, Duration.ofMinutes(2)));
      }
      Set<String> before;
      try (Program serve = serve(server, port)) {
        before = awaitOnAir(server);
        serve.kill();
      }
      long killedNanos = System.nanoTime();
      try (Program serve = serve(server, port)) {
        Running.await("all streams are read again", Duration.ofSeconds(30), () -> areRead(worker));
        Report.measured(
            "kill -9: seconds until all streams are read", (System.nanoTime() - killedNanos) / 1e9);
        Set<String> after = awaitOnAir(server);
        Report.measured(
            "kill -9: seconds until all outputs are back", (System.nanoTime() - killedNanos) / 1e9);
        assertThat(after).as(serve.said()).doesNotContainAnyElementsOf(before);
        assertThat(mostPublishers).isEqualTo(1);
      }
    } finally {
      publishers.forEach(MediaTask::close);
    }
  }

  private static Program serve(MediaServer server, int port) throws IOException {
    return Program.start(
        Map.of("LOG_LEVEL", "warn"),
        "serve",
        "--port",
        Integer.toString(port),
        "--rtmp-url",
        server.rtmpUrl().toString(),
        "--mediamtx-api",
        server.apiUrl().toString(),
        "--delay",
        "6.5s",
        "--sts-skip");
  }

  private static boolean areRead(String worker) throws InterruptedException {
    Set<String> reading = new TreeSet<>();
    for (JsonNode stream : Web.json(worker + "/v1/streams").path("streams")) {
      if (StreamStates.isReading(stream)) {
        reading.add(stream.path("streamId").asText());
      }
    }
    return reading.containsAll(IDS);
  }

  /** Waits until each output has a publisher; the ids of their connections. */
  private Set<String> awaitOnAir(MediaServer server) {
    Set<String> connections = new TreeSet<>();
    Running.await(
        "all outputs are published",
        Duration.ofSeconds(40),
        () -> {
          connections.clear();
          connections.addAll(publishers(server));
          return connections.size() >= IDS.size();
        });
    return connections;
  }

  private List<String> publishers(MediaServer server) throws InterruptedException {
    List<String> connections = new ArrayList<>();
    for (String id : IDS) {
      List<String> ofPath = new ArrayList<>();
      String path = "live/" + id + "/out";
      for (JsonNode connection : Web.json(server.apiUrl() + "/v3/rtmpconns/list").path("items")) {
        if (connection.path("path").asText().equals(path)
            && connection.path("state").asText().equals("publish")) {
          ofPath.add(connection.path("id").asText());
        }
      }
      mostPublishers = Math.max(mostPublishers, ofPath.size());
      connections.addAll(ofPath);
    }
    return connections;
  }
}
