package babelmux.worker.sts.link;

import static babelmux.worker.sts.link.MachineRig.dubbed;
import static babelmux.worker.sts.link.MachineRig.reason;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sts.BreakerSettings;
import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.StsOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakerTest {
  private final MachineRig rig = MachineRig.inSession();
  private int next;

  private CompletableFuture<StsOutcome> failing(String code) {
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.fails("f" + next++, code, null);
    return result;
  }

  private void open() {
    for (int i = 0; i < 5; i++) {
      failing("MODEL_ERROR");
    }
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.OPEN);
  }

  private CompletableFuture<StsOutcome> notSent() {
    CompletableFuture<StsOutcome> result = rig.submit();
    next++;
    return result;
  }

  @Test
  void opensAfterFiveInARowNotFour() {
    for (int i = 0; i < 4; i++) {
      failing("MODEL_ERROR");
    }
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.CLOSED);
    failing("MODEL_ERROR");
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.OPEN);
    assertThat(rig.events).contains("breaker open");
  }

  @Test
  void oneSuccessSetsTheCountBack() {
    for (int i = 0; i < 4; i++) {
      failing("MODEL_ERROR");
    }
    rig.submit();
    rig.answers("f" + next++);
    for (int i = 0; i < 4; i++) {
      failing("MODEL_ERROR");
    }
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @ParameterizedTest
  @CsvSource({
    "TIMEOUT, true",
    "GPU_OOM, true",
    "PROCESSING_ERROR, true",
    "TRANSLATION_API_UNAVAILABLE, true",
    "ASR_FAILED, false",
    "TTS_SYNTHESIS_FAILED, false",
    "DURATION_MISMATCH, false",
    "INVALID_AUDIO_FORMAT, false",
    "WHATEVER_NEW, false"
  })
  void countsByTheTable(String code, boolean counts) {
    for (int i = 0; i < 5; i++) {
      failing(code);
    }
    assertThat(rig.status().breaker() == BreakerState.OPEN).isEqualTo(counts);
  }

  @Test
  void whatTheTableLeavesToTheWireCountsWhenRetryable() {
    for (int i = 0; i < 5; i++) {
      rig.submit();
      rig.fails("f" + next++, "WHATEVER_NEW", true);
    }
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void whatDoesNotCountDoesNotSetTheCountBackEither() {
    for (int i = 0; i < 4; i++) {
      failing("MODEL_ERROR");
    }
    failing("TTS_SYNTHESIS_FAILED");
    failing("MODEL_ERROR");
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void fiveTimeoutsOpenItAndNumbersAreNotConsumedWhileOpen() {
    for (int i = 0; i < 5; i++) {
      notSent();
      rig.seconds(6).answers("late-" + i);
    }
    rig.seconds(2);
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.OPEN);
    int sent = rig.numbers().size();
    assertThat(reason(notSent())).isEqualTo(FallbackReason.BREAKER_OPEN);
    assertThat(rig.numbers()).hasSize(sent);
  }

  @Test
  void after30SecondsExactlyOneProbeDecides() {
    open();
    assertThat(reason(notSent())).isEqualTo(FallbackReason.BREAKER_OPEN);
    rig.seconds(29.9);
    assertThat(reason(notSent())).isEqualTo(FallbackReason.BREAKER_OPEN);
    rig.seconds(0.2);
    int probe = next;
    CompletableFuture<StsOutcome> probing = notSent();
    assertThat(probing).isNotDone();
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.HALF_OPEN);
    assertThat(reason(notSent())).isEqualTo(FallbackReason.BREAKER_OPEN);
    rig.answers("f" + probe);
    assertThat(dubbed(probing)).isTrue();
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.CLOSED);
    assertThat(rig.numbers()).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void aFailedProbeOpensItForAFresh30Seconds() {
    open();
    rig.seconds(30.1);
    failing("MODEL_ERROR");
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.OPEN);
    rig.seconds(29.9);
    assertThat(reason(notSent())).isEqualTo(FallbackReason.BREAKER_OPEN);
    rig.seconds(0.2);
    assertThat(notSent()).isNotDone();
  }

  @Test
  void aProbeThatIsNeverAnsweredOpensItAgain() {
    open();
    rig.seconds(30.1);
    notSent();
    rig.seconds(8);
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void aProbeThatSaysNothingGivesItsPermitBack() {
    open();
    rig.seconds(30.1);
    failing("TTS_SYNTHESIS_FAILED");
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.HALF_OPEN);
    assertThat(notSent()).as("the next one is the probe").isNotDone();
  }

  @Test
  void anAnswerToAFragmentFromBeforeIsNoProbe() {
    CompletableFuture<StsOutcome> slow = notSent();
    open();
    rig.seconds(7).answers("f0");
    assertThat(dubbed(slow)).isTrue();
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void aFragmentSentWithLittleTimeLeftIsNotHeldAgainstTheService() {
    for (int i = 0; i < 5; i++) {
      rig.submit(rig.machine.generation(), rig.now + 1_000_000_000L, 10);
      rig.seconds(1.1).answers("any-" + i);
    }
    assertThat(rig.numbers()).hasSize(5);
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void anAnswerToAFragmentFromBeforeDoesNotDecideTheProbe() {
    BreakerSettings brief = new BreakerSettings(5, Duration.ofSeconds(1));
    MachineRig quick = new MachineRig(MachineRig.config().breaker(brief).build());
    quick.connected().ready();
    CompletableFuture<StsOutcome> slow = quick.submit();
    for (int i = 1; i <= 5; i++) {
      quick.submit();
      quick.fails("f" + i, "MODEL_ERROR", true);
    }
    quick.seconds(1.1).submit();
    assertThat(quick.status().breaker()).isEqualTo(BreakerState.HALF_OPEN);
    quick.answers("f0");
    assertThat(dubbed(slow)).isTrue();
    assertThat(quick.status().breaker()).isEqualTo(BreakerState.HALF_OPEN);
    quick.fails("f6", "MODEL_ERROR", true);
    assertThat(quick.status().breaker()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void aNewConnectionClosesIt() {
    open();
    rig.machine.disconnected(rig.lastConnection(), "gone", rig.now);
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.OPEN);
    rig.seconds(2.2).connected().ready();
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.CLOSED);
    assertThat(notSent()).isNotDone();
  }

  @Test
  void aDisconnectDuringTheProbeDoesNotHangIt() {
    open();
    rig.seconds(30.1);
    notSent();
    rig.machine.disconnected(rig.lastConnection(), "gone", rig.now);
    rig.seconds(2.2).connected().ready();
    assertThat(notSent()).isNotDone();
  }

  @Test
  void aSessionBegunAnewOnTheSameConnectionLeavesItOpen() {
    open();
    rig.refuses(null, "STREAM_NOT_FOUND").ready();
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void aHangingServiceOpensItAtTheFifthDeadlineAlthoughTheWatchdogBeginsAnew() {
    for (int i = 0; i < 5; i++) {
      rig.submit();
      rig.seconds(6);
      if (rig.machine.state() == LinkState.INITIALISING) {
        rig.ready();
      }
    }
    rig.seconds(2);
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.OPEN);
  }
}
