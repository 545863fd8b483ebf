package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StsMeasurementTest {
  private static final StsExpectation EXPECTED =
      new StsExpectation(
          "http://sts:3000/socket.io/",
          "/",
          false,
          "en to es",
          "default",
          Duration.ofSeconds(8),
          Duration.ofMillis(14_500));

  private static List<StsReply> dubs(long... millis) {
    List<StsReply> replies = new ArrayList<>();
    for (long each : millis) {
      replies.add(new StsReply.Dub(each, 6_000, false));
    }
    return replies;
  }

  @Test
  void theWorstRoundTripSaysWhichDelayIsNeeded() {
    Finding finding =
        StsMeasurement.judge(dubs(900, 1_000, 800, 2_400, 850, 1, 2, 3, 4, 5), EXPECTED);
    assertThat(finding.level()).isEqualTo(Level.OK);
    assertThat(finding.text())
        .contains("10 fragments", "half of them within 5 ms", "all within 2400 ms")
        .contains("needs a delay of 10s", "14.5s is set");
  }

  @Test
  void aDelayThatIsTooShortIsNamedWithTheOneToSet() {
    Finding finding = StsMeasurement.judge(dubs(7_500, 7_100), EXPECTED);
    assertThat(finding.code()).isEqualTo(Code.STS_DELAY);
    assertThat(finding.advice()).contains("--delay 15s");
  }

  @Test
  void aDelayThatJustFitsIsFine() {
    assertThat(StsMeasurement.judge(dubs(7_000), EXPECTED).level()).isEqualTo(Level.OK);
  }

  @Test
  void aLimitBelowWhatTheDelayLeavesCounts() {
    StsExpectation shortLimit =
        new StsExpectation(
            "a", "/", false, "en to es", "b", Duration.ofSeconds(2), Duration.ofMillis(14_500));
    assertThat(StsMeasurement.judge(dubs(1_500), shortLimit).code()).isEqualTo(Code.STS_DELAY);
  }

  @Test
  void answersThatAreNoGoodDubsCountTheirTime() {
    List<StsReply> replies = dubs(100);
    replies.add(new StsReply.NoAudio(3_000));
    replies.add(new StsReply.Unusable(2_000, "no MP4"));
    assertThat(StsMeasurement.judge(replies, EXPECTED).text()).contains("all within 3000 ms");
  }

  @Test
  void fragmentsWithoutAnAnswerAreNamed() {
    List<StsReply> replies = dubs(100, 200);
    replies.add(new StsReply.Failed("GPU_OOM", "out of memory"));
    replies.add(new StsReply.Unanswered(30_000));
    Finding finding = StsMeasurement.judge(replies, EXPECTED);
    assertThat(finding.code()).isEqualTo(Code.STS_MEASURE);
    assertThat(finding.text()).contains("2 of 4", "GPU_OOM");
    assertThat(StsMeasurement.judge(List.of(), EXPECTED).code()).isEqualTo(Code.STS_MEASURE);
  }
}
