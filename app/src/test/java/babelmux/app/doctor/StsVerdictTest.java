package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import babelmux.worker.sts.StsReach;
import babelmux.worker.sts.StsReach.Kind;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StsVerdictTest {
  private static final long FRAGMENT_BYTES = 130_000;
  private static final StsReach REACHED = new StsReach.Connected(OptionalLong.empty());
  private static final StsOpening OPENED = new StsOpening.Accepted(null);
  private static final StsReply DUBBED = new StsReply.Dub(420, 6_000, false);

  private static StsExpectation expected(String namespace, boolean token) {
    return new StsExpectation(
        "http://sts:3000/socket.io/",
        namespace,
        token,
        "en to es",
        "anna",
        Duration.ofSeconds(8),
        Duration.ofMillis(14_500));
  }

  private static List<Finding> judge(
      StsReach reach, @Nullable StsOpening opening, @Nullable StsReply reply) {
    return StsVerdict.of(
        new StsObservation(reach, FRAGMENT_BYTES, opening, reply), expected("/", false));
  }

  private static StsReach failed(Kind kind, int status, String code) {
    return new StsReach.Failed(kind, status, code, "detail of " + kind);
  }

  static Stream<Arguments> unreached() {
    return Stream.of(
        arguments(failed(Kind.UNKNOWN_HOST, 0, ""), Code.STS_NAME),
        arguments(failed(Kind.PORT_CLOSED, 0, ""), Code.STS_PORT),
        arguments(failed(Kind.NO_ANSWER, 0, ""), Code.STS_UNREACHABLE),
        arguments(failed(Kind.CERTIFICATE, 0, ""), Code.STS_CERTIFICATE),
        arguments(failed(Kind.TLS, 0, ""), Code.STS_TLS),
        arguments(failed(Kind.NOT_HTTP, 0, ""), Code.STS_PROTOCOL),
        arguments(failed(Kind.NO_HANDSHAKE, 0, ""), Code.STS_PROTOCOL),
        arguments(failed(Kind.HTTP_STATUS, 404, ""), Code.STS_PROTOCOL),
        arguments(failed(Kind.HTTP_STATUS, 301, ""), Code.STS_PROTOCOL),
        arguments(failed(Kind.HTTP_STATUS, 502, ""), Code.STS_UNREACHABLE),
        arguments(failed(Kind.HTTP_STATUS, 503, ""), Code.STS_UNREACHABLE),
        arguments(failed(Kind.HTTP_STATUS, 504, ""), Code.STS_UNREACHABLE),
        arguments(failed(Kind.HTTP_STATUS, 401, ""), Code.STS_TURNED_AWAY),
        arguments(failed(Kind.HTTP_STATUS, 403, ""), Code.STS_TURNED_AWAY),
        arguments(failed(Kind.SILENT_NAMESPACE, 0, ""), Code.STS_NAMESPACE),
        arguments(failed(Kind.TURNED_AWAY, 0, "AUTH_FAILED"), Code.STS_TOKEN),
        arguments(failed(Kind.TURNED_AWAY, 0, "unauthorized"), Code.STS_TOKEN),
        arguments(
            new StsReach.Failed(Kind.TURNED_AWAY, 0, "Invalid namespace", "Invalid namespace"),
            Code.STS_NAMESPACE),
        arguments(failed(Kind.TURNED_AWAY, 0, "full"), Code.STS_TURNED_AWAY));
  }

  @ParameterizedTest
  @MethodSource("unreached")
  void aConnectionThatFailsIsNamedOnce(StsReach reach, Code code) {
    assertThat(judge(reach, null, null)).extracting(Finding::code).containsExactly(code);
  }

  @Test
  void aStatusIsNamed() {
    assertThat(judge(failed(Kind.HTTP_STATUS, 404, ""), null, null).get(0).text())
        .contains("http://sts:3000/socket.io/", "status 404");
  }

  @Test
  void aRefusalOfANamespaceThatIsNoDefaultIsTheNamespaces() {
    StsReach refused = failed(Kind.TURNED_AWAY, 0, "Unable to connect");
    assertThat(
            StsVerdict.of(
                new StsObservation(refused, FRAGMENT_BYTES, null, null), expected("/sts", true)))
        .extracting(Finding::code)
        .containsExactly(Code.STS_NAMESPACE);
    StsReach token = failed(Kind.TURNED_AWAY, 0, "AUTH_FAILED");
    assertThat(
            StsVerdict.of(
                new StsObservation(token, FRAGMENT_BYTES, null, null), expected("/sts", true)))
        .as("unless it says that it is the token's")
        .extracting(Finding::code)
        .containsExactly(Code.STS_TOKEN);
  }

  @Test
  void aRefusedTokenSaysWhetherOneIsSet() {
    StsObservation seen =
        new StsObservation(failed(Kind.TURNED_AWAY, 0, "AUTH_FAILED"), FRAGMENT_BYTES, null, null);
    assertThat(StsVerdict.of(seen, expected("/", true)).get(0).text()).contains("is set");
    assertThat(StsVerdict.of(seen, expected("/", false)).get(0).text()).contains("no sts.token");
  }

  static Stream<Arguments> sessions() {
    return Stream.of(
        arguments(new StsOpening.Refused("UNSUPPORTED_LANGUAGE", "no"), null, Code.STS_LANGUAGE),
        arguments(
            new StsOpening.Refused("UNSUPPORTED_LANGUAGE_PAIR", "no"), null, Code.STS_LANGUAGE),
        arguments(new StsOpening.Refused("INVALID_CONFIG", "no"), null, Code.STS_INIT_REFUSED),
        arguments(new StsOpening.Refused("GPU_OOM", "no"), null, Code.STS_INIT_REFUSED),
        arguments(new StsOpening.Refused("AUTH_FAILED", "no"), null, Code.STS_TOKEN),
        arguments(new StsOpening.Unanswered(9_000), null, Code.STS_NO_READY),
        arguments(new StsOpening.Lost("reset"), null, Code.STS_LOST),
        arguments(new StsOpening.Accepted("unknown"), DUBBED, Code.STS_VOICE),
        arguments(OPENED, new StsReply.Unanswered(17_000), Code.STS_NO_DUB),
        arguments(OPENED, new StsReply.Late(9_200), Code.STS_LATE),
        arguments(OPENED, new StsReply.Failed("MODEL_ERROR", "boom"), Code.STS_FRAGMENT_FAILED),
        arguments(OPENED, new StsReply.Lost("reset"), Code.STS_LOST),
        arguments(OPENED, new StsReply.Unusable(400, "no audio in MP4"), Code.STS_UNUSABLE),
        arguments(OPENED, new StsReply.NoAudio(400), Code.STS_SILENT),
        arguments(OPENED, new StsReply.Dub(400, 6_000, true), Code.STS_SILENT),
        arguments(OPENED, new StsReply.Dub(400, 3_000, false), Code.STS_LENGTH),
        arguments(OPENED, new StsReply.Dub(400, 18_001, false), Code.STS_UNUSABLE),
        arguments(OPENED, new StsReply.Dub(400, 0, true), Code.STS_UNUSABLE));
  }

  @ParameterizedTest
  @MethodSource("sessions")
  void aFaultOfTheSessionIsNamedOnce(StsOpening opening, @Nullable StsReply reply, Code code) {
    assertThat(judge(REACHED, opening, reply)).extracting(Finding::code).containsExactly(code);
  }

  @Test
  void allWellHasTheRoundTrip() {
    List<Finding> findings = judge(REACHED, OPENED, DUBBED);
    assertThat(findings).extracting(Finding::level).containsExactly(Level.OK);
    assertThat(findings.get(0).text()).contains("en to es", "420 ms", "limit is 8s");
    assertThat(judge(REACHED, OPENED, new StsReply.Dub(9, 6_043, false)))
        .extracting(Finding::level)
        .containsExactly(Level.OK);
  }

  @Test
  void aHundredthOfTheLengthIsNoOtherLength() {
    assertThat(judge(REACHED, OPENED, new StsReply.Dub(9, 6_060, false)))
        .extracting(Finding::level)
        .containsExactly(Level.OK);
    assertThat(judge(REACHED, OPENED, new StsReply.Dub(9, 5_939, false)))
        .extracting(Finding::code)
        .containsExactly(Code.STS_LENGTH);
  }

  @Test
  void whatMayStillComeInTimeIsNotBlamed() {
    assertThat(judge(REACHED, OPENED, new StsReply.Unanswered(7_999)))
        .extracting(Finding::level)
        .containsExactly(Level.UNKNOWN);
    assertThat(judge(REACHED, OPENED, new StsReply.Unanswered(8_000)))
        .extracting(Finding::code)
        .containsExactly(Code.STS_NO_DUB);
  }

  @Test
  void silenceAndAnotherLengthAreOnlyWarnedOf() {
    assertThat(Code.STS_SILENT.level()).isEqualTo(Level.WARN);
    assertThat(Code.STS_LENGTH.level()).isEqualTo(Level.WARN);
    assertThat(Code.STS_LATE.level()).isEqualTo(Level.FAIL);
  }

  @Test
  void aLateAnswerSaysWhichDelayItNeeds() {
    Finding late = judge(REACHED, OPENED, new StsReply.Late(9_200)).get(0);
    assertThat(late.text()).contains("9.2 s", "limit is 8s");
    assertThat(late.advice()).contains("--delay 17s");
  }

  @Test
  void aLostFragmentPointsAtTheMessageLimit() {
    Finding lost = judge(REACHED, OPENED, new StsReply.Lost("transport close")).get(0);
    assertThat(lost.text()).contains("130000 bytes", "transport close");
    assertThat(lost.advice()).contains("10 MiB");
  }

  @Test
  void aMessageLimitIsComparedWithFragments() {
    assertThat(judge(new StsReach.Connected(OptionalLong.of(65_536)), OPENED, null))
        .extracting(Finding::code)
        .containsExactly(Code.STS_MESSAGE_LIMIT);
    assertThat(judge(new StsReach.Connected(OptionalLong.of(FRAGMENT_BYTES)), OPENED, DUBBED))
        .as("a fragment just fits")
        .extracting(Finding::code)
        .containsExactly(Code.STS_MESSAGE_LIMIT_TIGHT);
    assertThat(judge(new StsReach.Connected(OptionalLong.of(200_000)), OPENED, DUBBED))
        .extracting(Finding::code)
        .containsExactly(Code.STS_MESSAGE_LIMIT_TIGHT);
    assertThat(judge(new StsReach.Connected(OptionalLong.of(1_000_000)), OPENED, DUBBED))
        .extracting(Finding::level)
        .containsExactly(Level.OK);
    assertThat(judge(new StsReach.Connected(OptionalLong.of(0)), OPENED, DUBBED))
        .extracting(Finding::level)
        .containsExactly(Level.OK);
  }

  @Test
  void everyFaultHasARemedy() {
    assertThat(Code.values())
        .filteredOn(code -> code.name().startsWith("STS_"))
        .allMatch(code -> code.remedy() != null || code == Code.STS_LATE || code == Code.STS_DELAY);
  }
}
