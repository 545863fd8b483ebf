package babelmux.worker.sts.link;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sts.link.Triage.CountStray;
import babelmux.worker.sts.link.Triage.GiveUp;
import babelmux.worker.sts.link.Triage.Ignore;
import babelmux.worker.sts.link.Triage.Reconnect;
import babelmux.worker.sts.link.Triage.RestartSession;
import babelmux.worker.sts.link.Triage.Resume;
import babelmux.worker.sts.link.Triage.UseDefaultVoice;
import babelmux.worker.sts.wire.ServerMessage.StsError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TriageTest {

  private static StsError error(String code) {
    return MachineRig.error(code, null, null);
  }

  @Test
  void aWrongTokenIsGivenUpForGood() {
    assertThat(Triage.ofUnknownClient(error("AUTH_FAILED")))
        .isEqualTo(new GiveUp("STS: AUTH_FAILED: because", true));
  }

  @ParameterizedTest
  @EnumSource(StsErrorCode.class)
  void aFragmentOfAnEarlierSessionNeverTouchesThisOne(StsErrorCode code) {
    assertThat(Triage.ofFragment(error(code.name()), Refusal.OF_EARLIER_SESSION))
        .isEqualTo(new Ignore());
  }

  @ParameterizedTest
  @ValueSource(strings = {"STREAM_NOT_FOUND", "STREAM_NOT_READY"})
  void aLostSessionIsRestartedAndNothingInItIsAnswered(String code) {
    RestartSession lost = new RestartSession("STS lost the session: " + code + ": because", true);
    assertThat(Triage.ofFragment(error(code), Refusal.FALL_BACK)).isEqualTo(lost);
    assertThat(Triage.ofFragment(error(code), Refusal.SESSION_IN_DOUBT)).isEqualTo(lost);
    assertThat(Triage.ofSession(error(code))).isEqualTo(lost);
  }

  @ParameterizedTest
  @ValueSource(strings = {"QUEUE_FULL", "STREAM_PAUSED", "MALFORMED_DATA", "ANYTHING"})
  void aNumberInDoubtRestartsTheSessionWhateverTheCode(String code) {
    assertThat(Triage.ofFragment(error(code), Refusal.SESSION_IN_DOUBT))
        .isEqualTo(new RestartSession("STS refused a fragment: " + code + ": because", false));
  }

  @Test
  void aRefusalThatIsSettledNeedsNothingMoreButAPauseIsEnded() {
    for (Refusal refusal : List.of(Refusal.SEND_AGAIN, Refusal.FALL_BACK)) {
      assertThat(Triage.ofFragment(error("QUEUE_FULL"), refusal)).isEqualTo(new Ignore());
      assertThat(Triage.ofFragment(error("STREAM_PAUSED"), refusal)).isEqualTo(new Resume());
    }
  }

  @Test
  void aRefusedVoiceIsReplacedByTheDefaultOnce() {
    assertThat(Triage.ofInit(error("INVALID_VOICE_PROFILE"), true, false))
        .isInstanceOf(UseDefaultVoice.class);
    assertThat(Triage.ofInit(error("INVALID_VOICE_PROFILE"), true, true))
        .isInstanceOf(GiveUp.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVALID_CONFIG", "UNSUPPORTED_LANGUAGE_PAIR"})
  void aRefusedStreamIsAskedForAgainLaterUnlessItHadASessionOnThisConnection(String code) {
    String detail = "STS refused stream:init: " + code + ": because";
    assertThat(Triage.ofInit(error(code), true, true)).isEqualTo(new GiveUp(detail, false));
    assertThat(Triage.ofInit(error(code), false, true)).isEqualTo(new Reconnect(detail));
  }

  @Test
  void anyOtherRefusalOfAnInitIsAFailedConnection() {
    assertThat(Triage.ofInit(error("QUEUE_FULL"), true, true)).isInstanceOf(Reconnect.class);
  }

  @Test
  void whatConcernsNothingIsCounted() {
    assertThat(Triage.ofSession(error("INVALID_CONFIG"))).isEqualTo(new CountStray());
  }
}
