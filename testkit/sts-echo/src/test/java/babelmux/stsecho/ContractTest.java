package babelmux.stsecho;

import static babelmux.stsecho.TestClient.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the contract of the STS link says that a server does, seen by the official client. */
@Tag("slow")
class ContractTest {
  private StsEcho server;
  private TestClient client;

  @BeforeEach
  void start() throws IOException {
    server =
        StsEcho.start(
            StsEchoConfig.builder().port(0).autoDisconnect(Duration.ofMillis(300)).build());
    client = TestClient.connect(server);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void readyNamesTheSessionAndTheWindow() {
    JsonNode ready = client.begin("demo");
    assertThat(ready.get("stream_id").asText()).isEqualTo("demo");
    assertThat(ready.get("session_id").asText()).matches("[0-9a-f-]{36}");
    assertThat(ready.get("max_inflight").asInt()).isEqualTo(3);
    assertThat(ready.get("capabilities").get("batch_processing").asBoolean()).isFalse();
    assertThat(ready.get("capabilities").get("async_delivery").asBoolean()).isTrue();
  }

  @Test
  void anEmptyConfigIsEnough() {
    ObjectNode init = TestClient.init("demo");
    init.putObject("config");
    init.remove(List.of("max_inflight", "timeout_ms"));
    client.emit("stream:init", init);
    assertThat(client.await("stream:ready").get("max_inflight").asInt()).isEqualTo(3);
  }

  @Test
  void anInitBeyondTheLimitsIsRefused() {
    ObjectNode window = TestClient.init("demo").put("max_inflight", 11);
    client.emit("stream:init", window);
    ObjectNode chunk = TestClient.init("demo");
    chunk.withObject("config").put("chunk_duration_ms", 6001);
    client.emit("stream:init", chunk);
    ObjectNode nameless = TestClient.init("demo");
    nameless.remove("stream_id");
    client.emit("stream:init", nameless);
    client.await("error", 3);
    assertThat(client.all("error"))
        .allSatisfy(
            error -> {
              assertThat(error.get("code").asText()).isEqualTo("INVALID_CONFIG");
              assertThat(error.get("severity").asText()).isEqualTo("error");
              assertThat(error.get("retryable").asBoolean()).isFalse();
            });
    assertThat(client.all("error"))
        .extracting(error -> error.get("message").asText())
        .satisfiesExactly(
            m -> assertThat(m).contains("max_inflight").contains("11").contains("1 to 10"),
            m -> assertThat(m).contains("chunk_duration_ms").contains("6001"),
            m -> assertThat(m).contains("stream_id").contains("missing"));
    assertThat(client.all("stream:ready")).isEmpty();
  }

  @Test
  void aFragmentIsAcknowledgedAndThenAnsweredWithItsOwnBytes() {
    client.begin("demo");
    String sound = Base64.getEncoder().encodeToString(new byte[150_000]);
    client.emit("fragment:data", TestClient.fragment(0, sound));
    JsonNode answer = client.await("fragment:processed");
    assertThat(client.names())
        .containsSubsequence("stream:ready", "fragment:ack", "fragment:processed");
    JsonNode ack = client.await("fragment:ack");
    assertThat(ack.get("fragment_id").asText()).isEqualTo("fragment-0");
    assertThat(ack.get("status").asText()).isEqualTo("queued");
    assertThat(ack.get("queue_position").asInt()).isZero();
    assertThat(ack.has("timestamp") && ack.get("timestamp").isNull()).isTrue();
    assertThat(answer.get("fragment_id").asText()).isEqualTo("fragment-0");
    assertThat(answer.get("stream_id").asText()).isEqualTo("demo");
    assertThat(answer.get("sequence_number").asInt()).isZero();
    assertThat(answer.get("status").asText()).isEqualTo("success");
    assertThat(answer.get("dubbed_audio").get("data_base64").asText()).isEqualTo(sound);
    assertThat(answer.get("dubbed_audio").get("sample_rate_hz").asInt()).isEqualTo(48_000);
    assertThat(answer.get("dubbed_audio").get("duration_ms").asInt()).isEqualTo(6000);
    assertThat(answer.get("transcript").asText()).startsWith("[ECHO]").contains("(seq=0)");
    assertThat(answer.get("translated_text").asText()).startsWith("[ECHO]").contains("(seq=0)");
    assertThat(answer.has("error") && answer.get("error").isNull()).isTrue();
  }

  @Test
  void aMessageOfTenMebibytesPassesAndOneMoreIsRefused() {
    client.begin("demo");
    String most = Base64.getEncoder().encodeToString(new byte[10 << 20]);
    client.emit("fragment:data", TestClient.fragment(0, most));
    client.emit("fragment:data", TestClient.fragment(1, most + "AAAA"));
    assertThat(client.await("error").get("code").asText()).isEqualTo("FRAGMENT_TOO_LARGE");
    assertThat(client.all("error").get(0).get("fragment_id").asText()).isEqualTo("fragment-1");
    assertThat(client.await("fragment:processed").at("/dubbed_audio/data_base64").asText())
        .hasSameSizeAs(most);
  }

  @Test
  void aMalformedFragmentIsRefusedWithTheField() {
    client.begin("demo");
    ObjectNode bad = TestClient.fragment(0, "AAAA");
    bad.withObject("audio").put("channels", 6);
    client.emit("fragment:data", bad);
    JsonNode error = client.await("error");
    assertThat(error.get("code").asText()).isEqualTo("INVALID_CONFIG");
    assertThat(error.get("message").asText()).contains("channels").contains("6").contains("1 to 2");
    assertThat(error.get("fragment_id").asText()).isEqualTo("fragment-0");
  }

  @Test
  void integersMayComeAsDoubles() throws Exception {
    client.begin("demo");
    ObjectNode data = (ObjectNode) JSON.readTree(TestClient.fragment(0, "AAAA").toString());
    data.put("sequence_number", 0.0).withObject("audio").put("channels", 2.0);
    client.emit("fragment:data", data);
    assertThat(client.await("fragment:processed").get("sequence_number").asInt()).isZero();
  }

  @Test
  void anAcknowledgementWithoutASessionIsIgnored() {
    client.acknowledge(0);
    client.begin("demo");
    client.fence();
    assertThat(client.all("error")).isEmpty();
  }

  @Test
  void backpressureIsClearedOnceWhenTheLoadHasFallen() throws Exception {
    StsEchoConfig.Builder pressing =
        StsEchoConfig.fromEnvironment(Map.of("BACKPRESSURE_ENABLED", "true")).port(0);
    try (StsEcho busy = StsEcho.start(pressing.build());
        TestClient worker = TestClient.connect(busy)) {
      worker.begin("demo");
      for (int i = 0; i < 3; i++) {
        worker.send(i);
      }
      worker.await("fragment:processed", 3);
      for (int i = 0; i < 3; i++) {
        worker.acknowledge(i);
      }
      worker.send(3);
      worker.await("fragment:processed", 4);
      worker.acknowledge(3);
      worker.send(4);
      worker.await("fragment:processed", 5);
      assertThat(worker.all("backpressure"))
          .extracting(e -> e.get("action").asText() + " at " + e.get("current_inflight").asInt())
          .containsExactly("none at 2", "pause at 3", "none at 1");
    }
  }

  @Test
  void dataWithoutASessionIsRefused() {
    client.send(0);
    assertThat(client.await("error").get("code").asText()).isEqualTo("STREAM_NOT_FOUND");
  }

  @Test
  void dataWhilePausedIsRefusedAndNotRetryable() {
    client.begin("demo");
    client.emit("stream:pause", JSON.createObjectNode().put("stream_id", "demo"));
    client.send(0);
    JsonNode error = client.await("error");
    assertThat(error.get("code").asText()).isEqualTo("STREAM_NOT_FOUND");
    assertThat(error.get("retryable").asBoolean()).isFalse();
    client.emit("stream:resume", JSON.createObjectNode().put("stream_id", "demo"));
    client.send(0);
    client.await("fragment:processed");
  }

  @Test
  void aHoleStallsTheSessionUntilItIsFilled() {
    client.begin("demo");
    client.send(0);
    client.send(2);
    client.send(3);
    client.await("fragment:ack", 3);
    client.fence();
    assertThat(client.processed()).containsExactly(0);
    client.send(1);
    client.await("fragment:processed", 4);
    assertThat(client.processed()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void aNumberAlreadyEmittedIsAcknowledgedAndNeverAnswered() {
    client.begin("demo");
    client.send(0);
    client.await("fragment:processed");
    client.send(0);
    client.await("fragment:ack", 2);
    client.send(1);
    client.await("fragment:processed", 2);
    assertThat(client.processed()).containsExactly(0, 1);
  }

  @Test
  void aSecondInitReplacesTheSession() {
    String first = client.begin("demo").get("session_id").asText();
    client.send(0);
    client.await("fragment:processed");
    String second = client.begin("demo").get("session_id").asText();
    assertThat(second).isNotEqualTo(first);
    client.send(0);
    client.await("fragment:processed", 2);
    assertThat(client.processed()).containsExactly(0, 0);
  }

  @Test
  void onlyAcknowledgementsOfTheClientLowerTheInflightCount() {
    client.begin("demo");
    client.send(0);
    client.send(1);
    client.await("fragment:processed", 2);
    client.acknowledge(77);
    client.send(2);
    client.await("fragment:ack", 3);
    assertThat(client.all("fragment:ack"))
        .extracting(ack -> ack.get("queue_position").asInt())
        .containsExactly(0, 1, 1);
  }

  @Test
  void theEndIsCountedAndThenTheServerLeaves() {
    client.begin("demo");
    client.send(0);
    client.send(1);
    client.await("fragment:processed", 2);
    client.emit("stream:end", JSON.createObjectNode().put("stream_id", "demo"));
    JsonNode complete = client.await("stream:complete");
    assertThat(complete.get("total_fragments").asInt()).isEqualTo(2);
    assertThat(complete.at("/statistics/success_count").asInt()).isEqualTo(2);
    assertThat(complete.at("/statistics/failed_count").asInt()).isZero();
    assertThat(client.await("disconnect").asText()).isEqualTo("io server disconnect");
  }

  @Test
  void theEndWaitsForWorkInFlight() {
    client.begin("demo");
    client.emit("config:processing_delay", JSON.createObjectNode().put("delay_ms", 300));
    assertThat(client.await("config:processing_delay:ack").get("status").asText())
        .isEqualTo("accepted");
    client.send(0);
    client.emit("stream:end", JSON.createObjectNode().put("stream_id", "demo"));
    client.await("stream:complete");
    assertThat(client.names()).containsSubsequence("fragment:processed", "stream:complete");
  }

  @Test
  void processingTakesTheDelayAskedFor() {
    client.begin("demo");
    client.emit("config:processing_delay", JSON.createObjectNode().put("delay_ms", 400));
    client.await("config:processing_delay:ack");
    client.send(0);
    JsonNode answer = client.await("fragment:processed");
    assertThat(answer.get("processing_time_ms").asInt()).isGreaterThanOrEqualTo(400);
  }

  @Test
  void anAcknowledgementIdIsAnsweredWithNothing() throws Exception {
    client.begin("demo");
    CompletableFuture<Object[]> answered = new CompletableFuture<>();
    client.socket.emit(
        "fragment:ack",
        new Object[] {new org.json.JSONObject().put("fragment_id", "x")},
        answered::complete);
    await().atMost(TestClient.LIMIT).until(answered::isDone);
    assertThat(answered.get()).isEmpty();
  }

  @Test
  void simulatedErrorsFailTheFragmentsNamed() {
    client.begin("demo");
    ObjectNode config = JSON.createObjectNode().put("enabled", true);
    config
        .putArray("rules")
        .add(rule("sequence_number", "1", "TIMEOUT"))
        .add(rule("fragment_id", "\"fragment-2\"", "GPU_OOM"))
        .add(rule("sequence_number", "\"3\"", "NEVER"))
        .add(rule("nth_fragment", "5", "MODEL_ERROR"));
    client.emit("config:error_simulation", config);
    JsonNode ack = client.await("config:error_simulation:ack");
    assertThat(ack.get("status").asText()).isEqualTo("accepted");
    assertThat(ack.get("rules_count").asInt()).isEqualTo(4);
    for (int n = 0; n < 5; n++) {
      client.send(n);
    }
    client.await("fragment:processed", 5);
    assertThat(client.processed()).isEqualTo(TestClient.upTo(5));
    assertThat(client.all("fragment:processed"))
        .extracting(answer -> answer.at("/error/code").asText("none"))
        .containsExactly("none", "TIMEOUT", "GPU_OOM", "none", "MODEL_ERROR");
    JsonNode failed = client.all("fragment:processed").get(1);
    assertThat(failed.get("status").asText()).isEqualTo("failed");
    assertThat(failed.get("dubbed_audio").isNull()).isTrue();
    assertThat(failed.at("/error/message").asText()).isEqualTo("Simulated error");
    assertThat(failed.at("/error/retryable").asBoolean()).isTrue();
  }

  @Test
  void badErrorRulesAreRejectedWhole() {
    client.begin("demo");
    ObjectNode config = JSON.createObjectNode().put("enabled", true);
    config.putArray("rules").add(rule("nth_fragment", "0", "TIMEOUT"));
    client.emit("config:error_simulation", config);
    JsonNode ack = client.await("config:error_simulation:ack");
    assertThat(ack.get("status").asText()).isEqualTo("rejected");
    assertThat(ack.get("message").asText()).contains("value").contains("0");
  }

  private static ObjectNode rule(String trigger, String value, String code) {
    try {
      ObjectNode rule = JSON.createObjectNode().put("trigger", trigger).put("error_code", code);
      rule.set("value", JSON.readTree(value));
      return rule;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void errorSimulationNeedsASession() {
    client.emit("config:error_simulation", JSON.createObjectNode().put("enabled", true));
    assertThat(client.await("error").get("code").asText()).isEqualTo("STREAM_NOT_FOUND");
  }

  @Test
  void aDisconnectIsSimulatedWithoutASession() {
    client.emit("simulate:disconnect", JSON.createObjectNode().put("delay_ms", 100));
    assertThat(client.await("simulate:disconnect:ack").get("status").asText())
        .isEqualTo("scheduled");
    assertThat(client.await("disconnect").asText()).isEqualTo("io server disconnect");
  }

  @Test
  void backpressureIsSaidBetweenAcknowledgementAndAnswer() {
    client.begin("demo");
    client.emit(
        "config:backpressure",
        JSON.createObjectNode()
            .put("enabled", true)
            .put("threshold", 0.6)
            .put("severity", "high")
            .put("action", "pause"));
    client.await("config:backpressure:ack");
    client.send(0);
    client.send(1);
    JsonNode signal = client.await("backpressure");
    assertThat(signal.get("action").asText()).isEqualTo("pause");
    assertThat(signal.get("current_inflight").asInt()).isEqualTo(2);
    client.await("fragment:processed", 2);
    assertThat(client.all("backpressure")).hasSize(1);
  }

  @Test
  void headersAndAnAuthObjectAreAccepted() {
    var options = TestClient.options();
    options.auth = Map.of("token", "whatever");
    options.extraHeaders =
        Map.of("X-Stream-ID", List.of("demo"), "X-Worker-ID", List.of("worker-demo"));
    try (TestClient other = TestClient.connect(server, options)) {
      other.begin("demo");
    }
  }

  @Test
  void pollingIsAccepted() {
    var options = TestClient.options();
    options.transports = new String[] {"polling"};
    try (TestClient polling = TestClient.connect(server, options)) {
      polling.begin("demo");
      polling.send(0);
      polling.send(1);
      polling.await("fragment:processed", 2);
      assertThat(polling.processed()).containsExactly(0, 1);
    }
  }

  @Test
  void aSessionDiesWithItsConnection() {
    client.begin("demo");
    client.send(0);
    client.await("fragment:processed");
    client.close();
    try (TestClient again = TestClient.connect(server)) {
      again.send(1);
      assertThat(again.await("error").get("code").asText()).isEqualTo("STREAM_NOT_FOUND");
    }
  }
}
