package babelmux.stsecho;

import static babelmux.stsecho.TestClient.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.media.AudioClipDecoder;
import babelmux.media.AudioClipEncoder;
import babelmux.media.AudioClipHint;
import babelmux.media.Sound;
import babelmux.stsecho.drill.FaultPlan;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.socket.client.IO;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every fault of the drill, as a client meets it. */
@Tag("slow")
class DrillTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @SuppressWarnings("NullAway.Init") // Each test starts it with its own plan.
  private StsEcho server;

  @SuppressWarnings("NullAway.Init") // As above; not all tests need one.
  private TestClient client;

  /** No ping is lost, however busy the machine is. */
  private void start(String rules) throws Exception {
    start(rules, Duration.ofSeconds(25), Duration.ofSeconds(60));
  }

  private void start(String rules, Duration pingInterval, Duration pingTimeout) throws Exception {
    server =
        StsEcho.start(
            StsEchoConfig.builder()
                .port(0)
                .autoDisconnect(Duration.ofMillis(200))
                .pingInterval(pingInterval)
                .pingTimeout(pingTimeout)
                .faults(FaultPlan.parse(rules))
                .build());
  }

  private void begin(String rules) throws Exception {
    start(rules);
    connect();
  }

  private void beginWithQuickPings(String rules) throws Exception {
    start(rules, Duration.ofMillis(400), Duration.ofSeconds(3));
    connect();
  }

  private void connect() throws Exception {
    client = TestClient.connect(server);
    client.begin("demo");
  }

  private void send(int count) {
    for (int n = 0; n < count; n++) {
      client.send(n);
    }
  }

  @AfterEach
  void stop() {
    if (client != null) {
      client.close();
    }
    server.close();
  }

  private static long millisBetween(TestClient.Event first, TestClient.Event second) {
    return TimeUnit.NANOSECONDS.toMillis(second.nanos() - first.nanos());
  }

  @Test
  void delayedAnswersHoldBackTheLaterOnes() throws Exception {
    begin("rules: [{fragment: 1, do: delay, ms: 500}]");
    send(3);
    client.await("fragment:processed", 3);
    assertThat(client.processed()).containsExactly(0, 1, 2);
    assertThat(
            millisBetween(
                client.await("fragment:processed", 1), client.await("fragment:processed", 2)))
        .isGreaterThan(400);
    assertThat(
            millisBetween(
                client.await("fragment:processed", 2), client.await("fragment:processed", 3)))
        .isLessThan(450);
  }

  @Test
  void unorderedAnswersComeWhenTheyAreThere() throws Exception {
    begin("{ordered: false, rules: [{fragment: 0, do: delay, ms: 300}]}");
    send(3);
    client.await("fragment:processed", 3);
    assertThat(client.processed()).endsWith(0);
  }

  @Test
  void lateAnswersComeAfterTheLimit() throws Exception {
    start("rules: [{fragment: 0, do: late, ms: 200}]");
    client = TestClient.connect(server);
    client.emit("stream:init", TestClient.init("demo").put("timeout_ms", 1000));
    client.await("stream:ready");
    client.send(0);
    assertThat(client.await("fragment:processed").get("processing_time_ms").asInt())
        .isGreaterThanOrEqualTo(1200);
  }

  @Test
  void droppedAnswersLeaveNoHole() throws Exception {
    begin("rules: [{fragment: 1, do: drop}]");
    send(3);
    client.await("fragment:processed", 2);
    assertThat(client.processed()).containsExactly(0, 2);
    assertThat(client.all("fragment:ack")).hasSize(3);
  }

  @Test
  void acknowledgementsCanBeMissing() throws Exception {
    begin("rules: [{fragment: 0, do: no_ack}]");
    send(2);
    client.await("fragment:processed", 2);
    assertThat(client.all("fragment:ack")).hasSize(1);
  }

  @Test
  void answersComeTwiceOrInAnotherOrder() throws Exception {
    begin("rules: [{fragment: 0, do: duplicate}, {fragment: 1, do: reorder, by: 2}]");
    send(5);
    client.await("fragment:processed", 6);
    assertThat(client.processed()).containsExactly(0, 0, 2, 3, 1, 4);
  }

  @Test
  void anAnswerHeldBackGoesBeforeTheEnd() throws Exception {
    begin("rules: [{fragment: 1, do: reorder}]");
    send(2);
    client.emit("stream:end", JSON.createObjectNode());
    client.await("stream:complete");
    assertThat(client.processed()).containsExactly(0, 1);
  }

  @Test
  void errorEventsRefuseFragmentsAndLeaveAHole() throws Exception {
    begin("rules: [{session: 0, fragment: 1, do: error, code: QUEUE_FULL, retryable: true}]");
    send(3);
    JsonNode error = client.await("error");
    assertThat(error.get("code").asText()).isEqualTo("QUEUE_FULL");
    assertThat(error.get("fragment_id").asText()).isEqualTo("fragment-1");
    assertThat(error.get("severity").asText()).isEqualTo("error");
    client.fence();
    assertThat(client.processed()).containsExactly(0);
    assertThat(client.all("fragment:ack")).hasSize(2);
  }

  @Test
  void aRefusalEndsAfterSoManyTries() throws Exception {
    begin("rules: [{fragment: 1, try: 0..1, do: error, code: QUEUE_FULL, retryable: true}]");
    client.send(0);
    client.send(1);
    client.send(1);
    client.send(1);
    client.await("fragment:processed", 2);
    assertThat(client.all("error")).hasSize(2);
    assertThat(client.processed()).containsExactly(0, 1);
  }

  @Test
  void errorEventsComeWithoutIdsAndInTheOtherShape() throws Exception {
    begin(
        """
        rules:
          - {fragment: 0, do: error, code: TIMEOUT, ids: false}
          - {fragment: 1, do: error, code: GPU_OOM, shape: full}
        """);
    send(2);
    client.await("error", 2);
    JsonNode bare = client.all("error").get(0);
    assertThat(bare.get("fragment_id").isNull() && bare.get("stream_id").isNull()).isTrue();
    assertThat(client.all("error").get(1).properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("code", "message", "retryable", "stage", "details");
  }

  @Test
  void fragmentsFail() throws Exception {
    begin(
        "rules: [{fragment: 0, do: fail, code: TTS_SYNTHESIS_FAILED, at: tts, retryable: false}]");
    send(1);
    JsonNode answer = client.await("fragment:processed");
    assertThat(answer.get("status").asText()).isEqualTo("failed");
    assertThat(answer.at("/error/code").asText()).isEqualTo("TTS_SYNTHESIS_FAILED");
    assertThat(answer.at("/error/stage").asText()).isEqualTo("tts");
    assertThat(answer.at("/error/retryable").asBoolean()).isFalse();
  }

  @Test
  void anyFieldCanBeLaidOver() throws Exception {
    begin(
        """
        rules:
          - fragment: 0
            do: patch
            fields: {fragment_id: nobody, status: partial, dubbed_audio: {duration_ms: 1}}
        """);
    send(1);
    JsonNode answer = client.await("fragment:processed");
    assertThat(answer.get("fragment_id").asText()).isEqualTo("nobody");
    assertThat(answer.get("status").asText()).isEqualTo("partial");
    assertThat(answer.at("/dubbed_audio/duration_ms").asInt()).isEqualTo(1);
    assertThat(answer.at("/dubbed_audio/data_base64").asText()).isEqualTo("AAAA");
  }

  @Test
  void backpressureFollowsAScript() throws Exception {
    begin(
        """
        rules:
          - {fragment: 0, do: backpressure, action: slow_down, severity: medium, delay_ms: 500}
          - {fragment: 1, do: backpressure, release_after_ms: 200}
          - {fragment: 2, do: backpressure, shape: full}
        """);
    send(3);
    client.await("backpressure", 4);
    assertThat(client.all("backpressure"))
        .extracting(e -> e.get("severity").asText() + " " + e.get("action").asText())
        .containsExactly("medium slow_down", "high pause", "high pause", "low none");
    assertThat(client.all("backpressure").get(0).get("recommended_delay_ms").asInt())
        .isEqualTo(500);
    assertThat(client.all("backpressure").get(1).get("recommended_delay_ms").isNull()).isTrue();
    assertThat(client.all("backpressure").get(2).has("threshold_exceeded")).isTrue();
    assertThat(client.all("backpressure").get(2).has("queue_depth")).isFalse();
  }

  @Test
  void anyEventCanBeSentBeside() throws Exception {
    begin(
        """
        rules:
          - {fragment: 0, do: emit, event: "stream:complete", payload: {stream_id: other}}
          - {fragment: 0, do: emit, event: nonsense, after_ms: 100}
        """);
    send(1);
    client.await("nonsense");
    assertThat(client.await("stream:complete").get("stream_id").asText()).isEqualTo("other");
    assertThat(client.names())
        .containsSubsequence("stream:complete", "fragment:processed", "nonsense");
  }

  @Test
  void connectionsEndBeforeAndAfterTheAcknowledgement() throws Exception {
    begin(
        """
        rules:
          - {session: 0, do: disconnect}
          - {session: 1, do: disconnect, at: after_ack, how: reset}
        """);
    client.send(0);
    assertThat(client.await("disconnect").asText()).isEqualTo("io server disconnect");
    assertThat(client.all("fragment:ack")).isEmpty();
    try (TestClient second = TestClient.connect(server)) {
      second.begin("demo");
      second.send(0);
      assertThat(second.await("disconnect").asText()).isEqualTo("transport error");
      assertThat(second.all("fragment:processed")).isEmpty();
    }
  }

  @Test
  void connectionsEndInTheMiddleOfAnAnswerAndAfterOne() throws Exception {
    begin(
        """
        rules:
          - {session: 0, fragment: 1, do: disconnect, at: mid_answer}
          - {session: 1, fragment: 1, do: disconnect, at: after_answer}
        """);
    send(2);
    assertThat(client.await("disconnect").asText()).startsWith("transport");
    assertThat(client.processed()).containsExactly(0);
    assertThat(client.all("fragment:ack")).hasSize(2);
    try (TestClient second = TestClient.connect(server)) {
      second.begin("demo");
      second.send(0);
      second.send(1);
      second.await("disconnect");
      assertThat(second.processed()).containsExactly(0, 1);
    }
  }

  @Test
  void readyIsLateMissingRefusedCutOrOdd() throws Exception {
    start(
        """
        rules:
          - {stage: init, stream: late, do: delay, ms: 400}
          - {stage: init, stream: missing, do: drop}
          - {stage: init, stream: refused, do: error, code: INVALID_CONFIG}
          - {stage: init, stream: cut, do: disconnect, at: mid_answer}
          - {stage: init, stream: odd, do: patch, fields: {capabilities: [asr], max_inflight: 1}}
        """);
    client = TestClient.connect(server);
    long before = System.nanoTime();
    client.begin("late");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(390));
    client.emit("stream:init", TestClient.init("refused"));
    assertThat(client.await("error").get("code").asText()).isEqualTo("INVALID_CONFIG");
    client.send(0);
    assertThat(client.await("error", 2).payload().get("code").asText())
        .isEqualTo("STREAM_NOT_FOUND");
    client.emit("stream:init", TestClient.init("missing"));
    client.fence();
    assertThat(client.all("stream:ready")).hasSize(1);
    JsonNode odd = client.begin("odd");
    assertThat(odd.get("capabilities").get(0).asText()).isEqualTo("asr");
    assertThat(odd.get("max_inflight").asInt()).isEqualTo(1);
    client.emit("stream:init", TestClient.init("cut"));
    assertThat(client.await("disconnect").asText()).startsWith("transport");
    assertThat(client.all("stream:ready")).hasSize(2);
  }

  @Test
  void theOtherShapeIsSpokenForASession() throws Exception {
    begin("rules: [{stage: init, do: shape}]");
    send(1);
    JsonNode answer = client.await("fragment:processed");
    assertThat(answer.at("/metadata/speed_ratio").asDouble()).isEqualTo(1);
    assertThat(client.await("fragment:ack").get("timestamp").asLong()).isPositive();
    client.emit("stream:pause", JSON.createObjectNode());
    client.send(1);
    assertThat(client.await("error").get("code").asText()).isEqualTo("STREAM_PAUSED");
    client.emit("stream:end", JSON.createObjectNode());
    JsonNode complete = client.await("stream:complete");
    assertThat(complete.has("success_count")).isFalse();
    assertThat(complete.at("/statistics/success_count").asInt()).isEqualTo(1);
    assertThat(complete.at("/statistics/total_fragments").asInt()).isEqualTo(1);
    assertThat(complete.at("/statistics/total_audio_duration_ms").asInt()).isZero();
  }

  @Test
  void completeComesEarlyAndTheRestFollowsUncounted() throws Exception {
    begin("rules: [{stage: end, do: early}, {fragment: 0, do: delay, ms: 100}]");
    send(2);
    client.emit("stream:end", JSON.createObjectNode());
    client.await("fragment:processed", 2);
    assertThat(client.names())
        .containsSubsequence("stream:complete", "fragment:processed", "fragment:processed");
    assertThat(client.await("stream:complete").get("total_fragments").asInt()).isZero();
    client.await("disconnect");
  }

  @Test
  void completeNeverComes() throws Exception {
    begin("rules: [{stage: end, do: drop}]");
    client.emit("stream:end", JSON.createObjectNode());
    client.send(0);
    client.await("error");
    client.fence();
    assertThat(client.all("stream:complete")).isEmpty();
    assertThat(client.socket.connected()).isTrue();
  }

  @Test
  void pingsStallUntilTheClientGivesUp() throws Exception {
    beginWithQuickPings("rules: [{fragment: 0, do: stall_pings}]");
    send(1);
    client.await("fragment:processed");
    assertThat(client.await("disconnect").asText()).isEqualTo("ping timeout");
  }

  @Test
  void aHangingConnectionIsSilentUntilTheClientGivesUp() throws Exception {
    beginWithQuickPings("rules: [{fragment: 1, do: hang}]");
    client.send(0);
    client.await("fragment:processed");
    client.send(1);
    client.send(2);
    assertThat(client.await("disconnect").asText()).isEqualTo("ping timeout");
    assertThat(client.processed()).containsExactly(0);
    assertThat(client.all("fragment:ack")).hasSize(2);
  }

  @Test
  void answersComeOneByteAtATime() throws Exception {
    begin("rules: [{fragment: 0, do: trickle}]");
    String sound = "A".repeat(40_000);
    client.emit("fragment:data", TestClient.fragment(0, sound));
    client.emit("fragment:data", TestClient.fragment(1, sound));
    client.await("fragment:processed", 2);
    assertThat(client.all("fragment:processed").get(1).at("/dubbed_audio/data_base64").asText())
        .isEqualTo(sound);
  }

  @Test
  void answersOfFiftyMegabytesAreSentInFull() throws Exception {
    begin("rules: [{fragment: 0, do: audio, mode: oversize}]");
    send(1);
    await().atMost(Duration.ofSeconds(90)).until(() -> !client.all("fragment:processed").isEmpty());
    assertThat(client.await("fragment:processed").at("/dubbed_audio/data_base64").asText())
        .hasSize(50_000_000);
  }

  @Test
  void connectionsAreRefusedInEveryWay() throws Exception {
    start(
        """
        rules:
          - {stage: connect, stream: gone, session: 0, do: refuse}
          - {stage: connect, stream: reset, do: refuse, how: reset}
          - {stage: connect, stream: silent, do: refuse, how: silent}
          - {stage: connect, stream: middleware, do: refuse, how: connect_error}
        """);
    try (TestClient refused = knock("gone")) {
      refused.await("connect_error");
    }
    try (TestClient again = knock("gone")) {
      await().atMost(TestClient.LIMIT).until(again.socket::connected);
    }
    try (TestClient refused = knock("reset")) {
      refused.await("connect_error");
    }
    try (TestClient refused = knock("middleware")) {
      assertThat(refused.await("connect_error").asText()).contains("refused by the drill");
    }
    try (TestClient ignored = knock("silent")) {
      assertThat(ignored.await("connect_error").asText()).containsIgnoringCase("timeout");
    }
  }

  private TestClient knock(String stream) {
    IO.Options options = TestClient.options();
    options.timeout = 1000;
    options.extraHeaders = Map.of("X-Stream-ID", List.of(stream));
    return TestClient.open(server.url(), options);
  }

  @Test
  void aSessionBringsItsOwnPlan() throws Exception {
    begin("rules: [{do: drop}]");
    client.emit(
        "drill:faults", (ObjectNode) FaultPlan.tree("rules: [{fragment: 1, do: duplicate}]"));
    assertThat(client.await("drill:faults:ack").get("status").asText()).isEqualTo("accepted");
    send(2);
    client.await("fragment:processed", 3);
    assertThat(client.processed()).containsExactly(0, 1, 1);
    client.emit("drill:faults", (ObjectNode) FaultPlan.tree("rules: [{do: nothing}]"));
    JsonNode rejected = client.await("drill:faults:ack", 2).payload();
    assertThat(rejected.get("status").asText()).isEqualTo("rejected");
    assertThat(rejected.get("message").asText()).contains("rules[0].do: 'nothing'");
  }

  @Test
  void monitorsAreToldOfEveryFault() throws Exception {
    start("rules: [{fragment: 1, do: drop}, {fragment: 1, do: no_ack}]");
    try (TestClient monitor = TestClient.monitor(server)) {
      client = TestClient.connect(server);
      client.begin("demo");
      send(3);
      client.await("fragment:processed", 2);
      monitor.await("monitor:fault", 2);
      assertThat(monitor.all("monitor:fault"))
          .extracting(e -> e.get("do").asText() + " " + e.get("sequence_number").asInt())
          .containsExactly("drop 1", "no_ack 1");
    }
  }

  @Test
  void thePlanIsChangedOverHttpWhileSessionsRun() throws Exception {
    begin("");
    assertThat(call("PUT", "/drill/faults", "rules:\n- {fragment: 1, do: drop}\n").statusCode())
        .isEqualTo(200);
    assertThat(call("GET", "/drill/faults", "").body()).contains("\"do\":\"drop\"");
    send(3);
    client.await("fragment:processed", 2);
    assertThat(client.processed()).containsExactly(0, 2);
    call("DELETE", "/drill/faults", "");
    client.send(3);
    client.await("fragment:processed", 3);
    HttpResponse<String> bad = call("PUT", "/drill/faults", "rules: [{do: boom}]");
    assertThat(bad.statusCode()).isEqualTo(422);
    assertThat(bad.body()).contains("rules[0].do: 'boom'");
    assertThat(call("POST", "/drill/faults", "").statusCode()).isEqualTo(405);
  }

  @Test
  void faultsStrikeNowOverHttp() throws Exception {
    begin("");
    send(1);
    client.await("fragment:processed");
    JsonNode sessions = JSON.readTree(call("GET", "/drill/sessions", "").body());
    assertThat(sessions.get(0).get("stream_id").asText()).isEqualTo("demo");
    assertThat(sessions.get(0).get("received").asInt()).isEqualTo(1);
    now("{do: error, code: RATE_LIMIT, ids: false, severity: warning}", 200);
    assertThat(client.await("error").get("code").asText()).isEqualTo("RATE_LIMIT");
    now("{do: emit, event: hello, payload: {a: 1}}", 200);
    assertThat(client.await("hello").get("a").asInt()).isEqualTo(1);
    now("{do: drop}", 422);
    now("{do: disconnect, how: reset}", 200);
    assertThat(client.await("disconnect").asText()).isEqualTo("transport error");
    await()
        .atMost(TestClient.LIMIT)
        .until(() -> call("POST", "/drill/now?stream=demo", "{do: hang}").statusCode() == 404);
    assertThat(call("POST", "/drill/now", "{do: hang}").statusCode()).isEqualTo(422);
  }

  private void now(String fault, int status) throws Exception {
    HttpResponse<String> response = call("POST", "/drill/now?stream=demo", fault);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
  }

  private HttpResponse<String> call(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .timeout(Duration.ofSeconds(5))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void dubsComeInEveryForm() throws Exception {
    begin(
        """
        rules:
          - {fragment: 0, do: audio, mode: m4a}
          - {fragment: 1, do: audio, mode: pcm_s16le}
          - {fragment: 2, do: audio, mode: pcm_f32le}
          - {fragment: 3, do: audio, mode: wav}
          - {fragment: 4, do: audio, mode: adts_as_m4a}
          - {fragment: 5, do: audio, mode: half}
          - {fragment: 6, do: audio, mode: triple}
          - {fragment: 7, do: audio, mode: other_rate}
          - {fragment: 8, do: audio, mode: other_channels}
          - {fragment: 9, do: audio, mode: zero_duration}
          - {fragment: 10, do: audio, mode: false_labels}
          - {fragment: 11, do: audio, mode: text}
          - {fragment: 12, do: audio, mode: empty}
          - {fragment: 13, do: audio, mode: garbage}
          - {fragment: 14, do: audio, mode: corrupt}
          - {fragment: 15, do: audio, mode: nan}
          - {fragment: 16, do: audio, mode: missing}
        """);
    Sound second = Sound.silence(2, 48_000, 48_000);
    String sent = Base64.getEncoder().encodeToString(AudioClipEncoder.wav(second));
    for (int n = 0; n < 17; n++) {
      ObjectNode data = TestClient.fragment(n, sent);
      data.withObject("audio").put("duration_ms", 1000);
      client.emit("fragment:data", data);
    }
    client.await("fragment:processed", 17);
    List<JsonNode> dubs =
        client.all("fragment:processed").stream().map(e -> e.get("dubbed_audio")).toList();
    assertThat(dubs.subList(0, 5))
        .extracting(dub -> dub.get("format").asText() + starts(dub))
        .containsExactly("m4a ftyp", "pcm_s16le", "pcm_f32le", "wav RIFF", "m4a ADTS");
    assertThat(dubs.subList(0, 4)).allSatisfy(dub -> assertSound(dub, 48_000, 48_000, 2));
    assertThat(bytes(dubs.get(1))).hasSize(48_000 * 2 * 2);
    assertThat(bytes(dubs.get(2))).hasSize(48_000 * 2 * 4);
    assertSound(dubs.get(5), 24_000, 48_000, 2);
    assertSound(dubs.get(6), 144_000, 48_000, 2);
    assertThat(dubs.get(6).get("duration_ms").asInt()).isEqualTo(3000);
    assertSound(dubs.get(7), 22_050, 22_050, 2);
    assertSound(dubs.get(8), 48_000, 48_000, 1);
    assertThat(dubs.get(9).get("duration_ms").asInt()).isZero();
    assertThat(dubs.get(10).get("sample_rate_hz").asInt()).isEqualTo(8000);
    assertThat(dubs.get(11).asText()).isEqualTo(sent);
    assertThat(dubs.get(12).get("data_base64").asText()).isEmpty();
    assertThat(dubs.get(13).get("data_base64").asText()).contains("!");
    assertThat(bytes(dubs.get(15))).startsWith(0, 0, 0xC0, 0x7F);
    assertThat(dubs.get(16).isNull()).isTrue();
  }

  private static String starts(JsonNode dub) {
    byte[] bytes = bytes(dub);
    if (bytes[4] == 'f' && bytes[5] == 't') {
      return " ftyp";
    }
    if (bytes[0] == 'R' && bytes[1] == 'I') {
      return " RIFF";
    }
    return (bytes[0] & 0xFF) == 0xFF && (bytes[1] & 0xF6) == 0xF0 ? " ADTS" : "";
  }

  private static byte[] bytes(JsonNode dub) {
    return Base64.getDecoder().decode(dub.get("data_base64").asText());
  }

  private static void assertSound(JsonNode dub, int frames, int rate, int channels) {
    try {
      Sound sound =
          AudioClipDecoder.decode(
              bytes(dub),
              new AudioClipHint(
                  dub.get("format").asText(),
                  dub.get("sample_rate_hz").asInt(),
                  dub.get("channels").asInt(),
                  10_000_000));
      assertThat(sound.frames()).isBetween(frames, frames + 1024);
      assertThat(sound.sampleRate()).isEqualTo(rate);
      assertThat(sound.channelCount()).isEqualTo(channels);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
