package babelmux.stsecho;

import static babelmux.stsecho.TestClient.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class MonitorTest {
  private StsEcho server;

  @BeforeEach
  void start() throws IOException {
    server = StsEcho.start(StsEchoConfig.builder().port(0).build());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aMonitorSeesBothDirectionsInOrder() {
    try (TestClient monitor = TestClient.monitor(server);
        TestClient client = TestClient.connect(server)) {
      client.begin("demo");
      client.send(0);
      client.await("fragment:processed");
      client.acknowledge(0);
      client.send(1);
      client.await("fragment:processed", 2);
      monitor.await("fragment:processed", 2);
      assertThat(monitor.processed()).containsExactly(0, 1);
      assertThat(monitor.all())
          .extracting(e -> direction(e) + " " + e.name())
          .containsExactly(
              "server monitor:connected",
              "in stream:init",
              "out stream:ready",
              "in fragment:data",
              "out fragment:ack",
              "out fragment:processed",
              "in fragment:ack",
              "in fragment:data",
              "out fragment:ack",
              "out fragment:processed");
      JsonNode copy = monitor.await("fragment:processed");
      assertThat(copy.at("/dubbed_audio/data_base64").asText()).isEqualTo("AAAA");
      assertThat(copy.at("/_monitor/stream_id").asText()).isEqualTo("demo");
      assertThat(copy.at("/_monitor/peer").asText()).isEqualTo(client.socket.id());
      assertThat(monitor.all())
          .extracting(e -> e.payload().at("/_monitor/n").asLong())
          .isEqualTo(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L));
      assertThat(client.await("fragment:processed").has("_monitor")).isFalse();
    }
  }

  @Test
  void aMonitorSeesClientsComeAndGo() {
    try (TestClient monitor = TestClient.monitor(server)) {
      TestClient client = TestClient.connect(server);
      client.begin("demo");
      client.close();
      JsonNode gone = monitor.await("monitor:disconnected");
      assertThat(gone.at("/_monitor/stream_id").asText()).isEqualTo("demo");
    }
  }

  @Test
  void severalMonitorsSeeTheSame() {
    try (TestClient first = TestClient.monitor(server);
        TestClient second = TestClient.monitor(server);
        TestClient client = TestClient.connect(server)) {
      client.begin("demo");
      client.emit("stream:pause", JSON.createObjectNode().put("stream_id", "demo"));
      first.await("stream:pause");
      second.await("stream:pause");
      assertThat(first.names()).isEqualTo(second.names());
    }
  }

  private static String direction(TestClient.Event event) {
    return event.payload().at("/_monitor/direction").asText();
  }
}
