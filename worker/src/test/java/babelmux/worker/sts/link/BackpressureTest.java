package babelmux.worker.sts.link;

import static babelmux.worker.sts.link.MachineRig.reason;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sts.BackpressureAction;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.StsOutcome;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BackpressureTest {

  @Test
  void aPauseHoldsUntilNothingIsInFlight() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.asks(BackpressureAction.PAUSE, 1_000L).submit();
    assertThat(rig.machine.state()).isEqualTo(LinkState.PAUSED);
    assertThat(rig.numbers()).containsExactly(0);
    rig.answers("f0");
    assertThat(rig.machine.state()).isEqualTo(LinkState.READY);
    assertThat(rig.numbers()).containsExactly(0, 1);
  }

  @Test
  void aPauseThatIsNeverReleasedLetsOneProbeOutAfterTwoSeconds() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.asks(BackpressureAction.PAUSE, 1_000L);
    rig.submit();
    rig.submit();
    rig.seconds(1.9);
    assertThat(rig.numbers()).hasSize(1);
    rig.seconds(0.1);
    assertThat(rig.numbers()).as("one probe").hasSize(2);
    rig.seconds(1.9);
    assertThat(rig.numbers()).hasSize(2);
    rig.seconds(0.2);
    assertThat(rig.numbers()).containsExactly(0, 1, 2);
  }

  @Test
  void aPauseWithNothingInFlightEndsByItself() {
    MachineRig rig = MachineRig.inSession().asks(BackpressureAction.PAUSE, 5_000L);
    assertThat(rig.machine.state()).isEqualTo(LinkState.PAUSED);
    rig.seconds(4.9);
    assertThat(rig.machine.state()).isEqualTo(LinkState.PAUSED);
    rig.seconds(0.2);
    assertThat(rig.machine.state()).isEqualTo(LinkState.READY);
  }

  @Test
  void beingToldToPauseAgainAndAgainDoesNotHoldForEver() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.answers("f0");
    CompletableFuture<StsOutcome> second = rig.submit();
    for (int i = 0; i < 30; i++) {
      rig.asks(BackpressureAction.PAUSE, 1_000L).seconds(0.1);
    }
    rig.submit();
    assertThat(result).isDone();
    assertThat(second).isNotDone();
    assertThat(rig.numbers()).containsExactly(0, 1, 2);
  }

  @Test
  void noneAndSlowDownEndAPause() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.asks(BackpressureAction.PAUSE, null).asks(BackpressureAction.NONE, null);
    assertThat(rig.machine.state()).isEqualTo(LinkState.READY);
    rig.asks(BackpressureAction.PAUSE, null).asks(BackpressureAction.SLOW_DOWN, null);
    assertThat(rig.machine.state()).isEqualTo(LinkState.READY);
  }

  @Test
  void whatWaitsTooLongFallsBackAndTakesNoNumber() {
    MachineRig rig = MachineRig.inSession().asks(BackpressureAction.PAUSE, 20_000L);
    CompletableFuture<StsOutcome> waited = rig.submit();
    rig.seconds(8);
    assertThat(reason(waited)).isEqualTo(FallbackReason.OVERLOAD);
    rig.seconds(13).submit();
    assertThat(rig.numbers()).containsExactly(0);
  }

  @Test
  void slowDownWaitsBeforeEachSend() {
    MachineRig rig = MachineRig.inSession().asks(BackpressureAction.SLOW_DOWN, 500L);
    rig.submit();
    rig.submit();
    rig.seconds(0.45);
    assertThat(rig.numbers()).isEmpty();
    rig.seconds(0.05);
    assertThat(rig.numbers()).hasSize(1);
    rig.seconds(0.49);
    assertThat(rig.numbers()).hasSize(1);
    rig.seconds(0.02);
    assertThat(rig.numbers()).containsExactly(0, 1);
  }

  @Test
  void slowDownWithoutADelayTakesTheSeveritys() {
    MachineRig rig = MachineRig.inSession().asks(BackpressureAction.SLOW_DOWN, null);
    rig.submit();
    rig.seconds(0.99);
    assertThat(rig.numbers()).isEmpty();
    rig.seconds(0.02);
    assertThat(rig.numbers()).hasSize(1);
  }

  @Test
  void anAbsurdDelayLeavesHalfTheLimitForTheService() {
    MachineRig rig = MachineRig.inSession().asks(BackpressureAction.SLOW_DOWN, Long.MAX_VALUE);
    rig.submit();
    rig.seconds(4);
    assertThat(rig.numbers()).hasSize(1);
  }

  @Test
  void beingToldToSlowDownAgainAndAgainDoesNotHoldForEver() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    for (int i = 0; i < 20; i++) {
      rig.asks(BackpressureAction.SLOW_DOWN, 1_000L).seconds(0.1);
      if (i == 0) {
        rig.submit();
      }
    }
    assertThat(rig.numbers()).containsExactly(0, 1);
  }

  @Test
  void repeatedNoneIsHarmless() {
    MachineRig rig = MachineRig.inSession();
    for (int i = 0; i < 10; i++) {
      rig.asks(BackpressureAction.NONE, null);
    }
    rig.submit();
    assertThat(rig.numbers()).containsExactly(0);
  }
}
