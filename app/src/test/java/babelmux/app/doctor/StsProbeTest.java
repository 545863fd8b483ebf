package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.protocol.Dialect;
import babelmux.worker.config.ConfigLoader;
import babelmux.worker.config.WorkerConfig;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each fault is planted in a real server. */
@Tag("slow")
@Timeout(60)
class StsProbeTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String STREAMS = "stream: \"babelmux-doctor-*\"";

  /** As for everybody, with less patience for what never comes. */
  private static final StsProbe.Limits LIMITS =
      new StsProbe.Limits(
          Duration.ofSeconds(9),
          Duration.ofSeconds(1),
          Duration.ofSeconds(20),
          Duration.ofSeconds(2));

  private static WorkerConfig config(String url, Map<String, String> further) {
    Map<String, String> flags = new HashMap<>(further);
    flags.put("sts.url", url);
    return ConfigLoader.load(flags, Map.of(), null).config();
  }

  private static List<Finding> look(String url, Map<String, String> further) throws Exception {
    return new StsProbe(config(url, further), LIMITS).look();
  }

  private static List<Finding> look(StsEchoConfig.Builder server, Map<String, String> settings)
      throws Exception {
    try (StsEcho sts = StsEcho.start(server.port(0).build())) {
      return look(sts.url().toString(), settings);
    }
  }

  private static List<Finding> lookAtFault(String rule, Map<String, String> settings)
      throws Exception {
    FaultPlan plan = FaultPlan.parse("rules:\n  - {%s, %s}".formatted(STREAMS, rule));
    return look(StsEchoConfig.builder().faults(plan), settings);
  }

  private static void assertOnly(Code code, List<Finding> findings) {
    assertThat(findings).as(findings.toString()).extracting(Finding::code).containsExactly(code);
  }

  // --- all well ---

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void bothServersOfTheFieldAreFine(Dialect dialect) throws Exception {
    List<Finding> findings = look(StsEchoConfig.builder().dialect(dialect), Map.of());
    assertThat(findings).extracting(Finding::level).containsExactly(Level.OK);
    assertThat(findings.get(0).text()).contains("en to es", " ms, the limit is 8s");
  }

  @Test
  void pathTokenAndVoiceOfTheSettingsAreUsed() throws Exception {
    StsEchoConfig.Builder server = StsEchoConfig.builder().path("/ws/sts").token("secret");
    Map<String, String> settings = Map.of("sts.path", "/ws/sts", "sts.token", "secret");
    assertThat(look(server, settings)).extracting(Finding::level).containsExactly(Level.OK);
  }

  @Test
  void noStepTakesMoreThanTenSecondsUnlessTheStsMayAndTheWholeLessThanAMinute() {
    StsProbe.Limits limits = StsProbe.Limits.DEFAULT;
    assertThat(List.of(limits.reach(), limits.ready(), limits.late()))
        .allMatch(limit -> limit.compareTo(Duration.ofSeconds(10)) < 0);
    Duration whole = limits.reach().plus(limits.ready()).plus(limits.fragment());
    assertThat(whole).isLessThan(Duration.ofSeconds(50));
  }

  @Test
  void whatIsSkippedIsNotAsked() throws Exception {
    List<Finding> findings = look("http://127.0.0.1:1", Map.of("sts.skip", "true"));
    assertThat(findings).extracting(Finding::level).containsExactly(Level.OK);
    assertThat(findings.get(0).text()).contains("sts.skip");
  }

  // --- no connection ---

  @Test
  void aNameThatIsNotKnown() throws Exception {
    assertOnly(Code.STS_NAME, look("http://sts.invalid:3000", Map.of()));
  }

  @Test
  void aPortAtWhichNobodyListens() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertOnly(Code.STS_PORT, look("http://127.0.0.1:" + port, Map.of()));
  }

  @Test
  void aPortThatNeverAnswers() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      StsProbe.Limits impatient =
          new StsProbe.Limits(Duration.ofSeconds(1), Duration.ZERO, Duration.ZERO, Duration.ZERO);
      WorkerConfig config = config("http://127.0.0.1:" + silent.getLocalPort(), Map.of());
      assertOnly(Code.STS_UNREACHABLE, new StsProbe(config, impatient).look());
    }
  }

  @Test
  void aWebServerThatIsNoSts() throws Exception {
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    web.start();
    try {
      List<Finding> findings = look("http://127.0.0.1:" + web.getAddress().getPort(), Map.of());
      assertOnly(Code.STS_PROTOCOL, findings);
      assertThat(findings.get(0).text()).contains("status 404");
    } finally {
      web.stop(0);
    }
  }

  @Test
  void anotherPathSchemeNamespaceOrToken() throws Exception {
    try (StsEcho sts = StsEcho.start(StsEchoConfig.builder().port(0).token("secret").build())) {
      String url = sts.url().toString();
      assertOnly(Code.STS_PROTOCOL, look(url, Map.of("sts.path", "/ws/sts")));
      assertOnly(Code.STS_TLS, look(url.replace("http:", "https:"), Map.of()));
      assertOnly(
          Code.STS_NAMESPACE, look(url, Map.of("sts.namespace", "/sts", "sts.token", "secret")));
      List<Finding> none = look(url, Map.of());
      assertOnly(Code.STS_TOKEN, none);
      List<Finding> wrong = look(url, Map.of("sts.token", "a-wrong-secret"));
      assertOnly(Code.STS_TOKEN, wrong);
      assertThat(wrong.toString()).doesNotContain("a-wrong-secret");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "unavailable, STS_UNREACHABLE",
    "reset, STS_PROTOCOL",
    "connect_error, STS_TURNED_AWAY"
  })
  void aServerThatTurnsAway(String how, Code code) throws Exception {
    assertOnly(code, lookAtFault("stage: connect, do: refuse, how: " + how, Map.of()));
  }

  // --- no session ---

  @ParameterizedTest
  @CsvSource({
    "UNSUPPORTED_LANGUAGE, STS_LANGUAGE",
    "INVALID_CONFIG, STS_INIT_REFUSED",
    "GPU_OOM, STS_INIT_REFUSED"
  })
  void aRefusedInit(String error, Code code) throws Exception {
    List<Finding> findings = lookAtFault("stage: init, do: error, code: " + error, Map.of());
    assertOnly(code, findings);
    assertThat(findings.get(0).text()).contains(error);
  }

  @Test
  void aLanguageThatIsRefusedInTheOtherShape() throws Exception {
    assertOnly(
        Code.STS_LANGUAGE,
        lookAtFault("stage: init, do: error, code: UNSUPPORTED_LANGUAGE, shape: full", Map.of()));
  }

  @Test
  void aVoiceThatIsNotKnown() throws Exception {
    List<Finding> findings =
        lookAtFault(
            "stage: init, session: 0, do: error, code: INVALID_VOICE_PROFILE",
            Map.of("sts.voice-profile", "anna"));
    assertOnly(Code.STS_VOICE, findings);
    assertThat(findings.get(0).text()).contains("anna");
  }

  @Test
  void anInitWithoutReady() throws Exception {
    assertOnly(Code.STS_NO_READY, lookAtFault("stage: init, do: drop", Map.of()));
  }

  // --- the fragment ---

  @ParameterizedTest
  @CsvSource({
    "do: fail; code: MODEL_ERROR, STS_FRAGMENT_FAILED",
    "do: error; code: MALFORMED_DATA, STS_FRAGMENT_FAILED",
    "do: audio; mode: garbage, STS_UNUSABLE",
    "do: audio; mode: corrupt, STS_UNUSABLE",
    "do: audio; mode: missing, STS_SILENT",
    "do: audio; mode: silent, STS_SILENT",
    "do: audio; mode: half, STS_LENGTH",
    "do: disconnect; at: after_ack; how: reset, STS_LOST"
  })
  void aFragmentThatDoesNotComeBackAsADub(String fault, Code code) throws Exception {
    assertOnly(code, lookAtFault(fault.replace(';', ','), Map.of()));
  }

  @Test
  void aFragmentThatComesBackLateSaysWhichDelayItNeeds() throws Exception {
    List<Finding> findings = lookAtFault("do: delay, ms: 900", Map.of("sts.limit", "300ms"));
    assertOnly(Code.STS_LATE, findings);
    assertThat(findings.get(0).text()).contains("the limit is 300ms");
    assertThat(findings.get(0).advice()).containsPattern("--delay (8.5|9|9.5|10)s");
  }

  @Test
  void aFragmentThatIsNeverAnswered() throws Exception {
    List<Finding> findings = lookAtFault("do: drop", Map.of("sts.limit", "300ms"));
    assertOnly(Code.STS_NO_DUB, findings);
    assertThat(findings.get(0).text()).contains("within 2.0 s", "the limit is 300ms");
  }

  @Test
  void aLimitThatIsLongerThanDoctorsPatienceIsNotJudged() throws Exception {
    StsProbe.Limits impatient =
        new StsProbe.Limits(
            Duration.ofSeconds(9),
            Duration.ofSeconds(9),
            Duration.ofSeconds(1),
            Duration.ofMillis(500));
    FaultPlan plan = FaultPlan.parse("rules:\n  - {%s, do: drop}".formatted(STREAMS));
    try (StsEcho sts = StsEcho.start(StsEchoConfig.builder().port(0).faults(plan).build())) {
      WorkerConfig config = config(sts.url().toString(), Map.of("sts.limit", "40s"));
      List<Finding> findings = new StsProbe(config, impatient).look();
      assertThat(findings).extracting(Finding::level).containsExactly(Level.UNKNOWN);
      assertThat(findings.get(0).text()).contains("within 1.0 s", "the limit is 40s");
    }
  }

  // --- measuring, and the end ---

  @Test
  void tenFragmentsSayWhichDelayTheServiceNeeds() throws Exception {
    try (StsEcho sts =
        StsEcho.start(
            StsEchoConfig.builder().port(0).processingDelay(Duration.ofMillis(60)).build())) {
      Finding finding =
          new StsProbe(config(sts.url().toString(), Map.of("delay", "7s")), LIMITS).measure();
      assertThat(finding.code()).isEqualTo(Code.STS_DELAY);
      assertThat(finding.text()).contains("10 fragments", "7s is set");
    }
  }

  @Test
  void theSessionIsEndedInOrderAlsoWhenInterrupted() throws Exception {
    // The session shows its end as long as the answer to it is missing: for 2 s here.
    FaultPlan plan =
        FaultPlan.parse(
            "rules:\n  - {%s, do: drop}\n  - {stage: end, %s, do: drop}"
                .formatted(STREAMS, STREAMS));
    try (StsEcho sts = StsEcho.start(StsEchoConfig.builder().port(0).faults(plan).build())) {
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      Thread doctor =
          new Thread(
              () -> {
                try {
                  look(sts.url().toString(), Map.of());
                  interrupted.complete(false);
                } catch (Exception e) {
                  interrupted.complete(e instanceof InterruptedException);
                }
              });
      doctor.start();
      await()
          .atMost(15, TimeUnit.SECONDS)
          .until(() -> sessions(sts).path(0).path("received").asInt() == 1);
      doctor.interrupt();
      await()
          .atMost(15, TimeUnit.SECONDS)
          .until(() -> sessions(sts).path(0).path("ending").asBoolean());
      assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
      await().atMost(15, TimeUnit.SECONDS).until(() -> sessions(sts).isEmpty());
    }
  }

  private static JsonNode sessions(StsEcho sts) {
    try {
      return new JsonMapper()
          .readTree(
              HTTP.send(
                      HttpRequest.newBuilder(URI.create(sts.url() + "/drill/sessions")).build(),
                      HttpResponse.BodyHandlers.ofString())
                  .body());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
