package babelmux.worker.sts.link;

import static babelmux.worker.sts.link.MachineRig.dubbed;
import static babelmux.worker.sts.link.MachineRig.reason;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sts.BackpressureAction;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.wire.ClientMessage.StreamEnd;
import babelmux.worker.sts.wire.ServerMessage.StreamComplete;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ClosingTest {
  private static final StreamComplete COMPLETE = new StreamComplete(OptionalLong.of(1));

  @Test
  void drainsSaysEndWaitsForCompleteLingersAndCloses() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> last = rig.submit();
    rig.machine.end("source_ended", rig.now);
    assertThat(rig.machine.state()).isEqualTo(LinkState.DRAINING);
    assertThat(rig.emitted(StreamEnd.class)).isEmpty();
    rig.answers("f0");
    assertThat(dubbed(last)).isTrue();
    assertThat(rig.emitted(StreamEnd.class)).containsExactly(new StreamEnd("demo", "source_ended"));
    rig.says(COMPLETE);
    assertThat(rig.machine.state()).isEqualTo(LinkState.LINGERING);
    rig.seconds(4.9);
    assertThat(rig.ends).isZero();
    rig.seconds(0.2);
    assertThat(rig.ends).isEqualTo(1);
    assertThat(rig.machine.state()).isEqualTo(LinkState.CLOSED);
    assertThat(rig.acked()).containsExactly("f0:received");
  }

  @Test
  void aDisconnectAfterTheEndIsTheEnd() {
    MachineRig rig = MachineRig.inSession();
    rig.machine.end("source_ended", rig.now);
    rig.says(COMPLETE);
    rig.machine.disconnected(rig.lastConnection(), "io server disconnect", rig.now);
    assertThat(rig.machine.state()).isEqualTo(LinkState.CLOSED);
    rig.seconds(600);
    assertThat(rig.connects).hasSize(1);
    assertThat(rig.ends).isEqualTo(1);
  }

  @Test
  void waitsForCompleteOnlyTheLimitAndTwoSeconds() {
    MachineRig rig = MachineRig.inSession();
    rig.machine.end("source_ended", rig.now);
    rig.seconds(9.9);
    assertThat(rig.machine.state()).isEqualTo(LinkState.COMPLETING);
    rig.seconds(0.2);
    assertThat(rig.machine.state()).isEqualTo(LinkState.LINGERING);
    rig.seconds(5.1);
    assertThat(rig.ends).isEqualTo(1);
  }

  @Test
  void aLastFragmentThatIsNeverAnsweredHoldsUpForItsLimitOnly() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> last = rig.submit();
    rig.machine.end("source_ended", rig.now);
    rig.seconds(8);
    assertThat(reason(last)).isEqualTo(FallbackReason.TIMEOUT);
    assertThat(rig.emitted(StreamEnd.class)).hasSize(1);
  }

  @Test
  void askedTwiceItDoesNotWaitForAnswers() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> last = rig.submit();
    rig.machine.end("interrupted", rig.now);
    rig.machine.end("interrupted", rig.now);
    assertThat(rig.emitted(StreamEnd.class)).hasSize(1);
    assertThat(rig.machine.state()).isEqualTo(LinkState.COMPLETING);
    rig.machine.end("interrupted", rig.now);
    assertThat(rig.emitted(StreamEnd.class)).hasSize(1);
    rig.answers("f0");
    assertThat(dubbed(last)).isTrue();
  }

  @Test
  void aLimitOfMinutesDoesNotHoldUpTheClosingHandshake() {
    MachineRig rig = new MachineRig(MachineRig.config().build(), Duration.ofMinutes(9));
    rig.connected().ready();
    CompletableFuture<StsOutcome> last =
        rig.submit(1, rig.now + Duration.ofMinutes(9).toNanos(), 10);
    rig.machine.end("source_ended", rig.now);
    rig.seconds(30);
    assertThat(rig.emitted(StreamEnd.class)).hasSize(1);
    rig.seconds(32 + 5.1);
    assertThat(rig.machine.state()).isEqualTo(LinkState.CLOSED);
    assertThat(reason(last)).isEqualTo(FallbackReason.DISCONNECTED);
  }

  @Test
  void resultsAfterCompleteAreConfirmed() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.machine.end("source_ended", rig.now);
    rig.seconds(8).says(COMPLETE).answers("f0");
    assertThat(rig.acked()).containsExactly("f0:received");
  }

  @Test
  void endingWithoutASessionClosesAtOnce() {
    MachineRig connecting = new MachineRig();
    connecting.machine.end("source_ended", 0);
    assertThat(connecting.ends).isEqualTo(1);
    assertThat(connecting.disconnects).isEqualTo(1);
    MachineRig waiting = new MachineRig();
    waiting.machine.connectFailed(waiting.lastConnection(), "", "refused", 0);
    waiting.machine.end("source_ended", 0);
    assertThat(waiting.ends).isEqualTo(1);
    assertThat(waiting.seconds(600).connects).hasSize(1);
  }

  @Test
  void nothingIsAcceptedAnyMore() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.machine.end("source_ended", rig.now);
    assertThat(rig.machine.generation()).isZero();
    assertThat(reason(rig.submit(1, rig.now + 1_000, 10))).isEqualTo(FallbackReason.DISCONNECTED);
  }

  @Test
  void anEarlyCompleteBeginsTheSessionAnew() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.says(COMPLETE);
    assertThat(rig.machine.state()).isEqualTo(LinkState.INITIALISING);
    rig.ready().answers("f0");
    assertThat(dubbed(result)).isTrue();
    assertThat(rig.events).contains("oddity unexpected_event");
  }

  @Test
  void aPauseThatOutlivesTheLastFragmentDoesNotWakeTheLinkForEver() {
    MachineRig rig = MachineRig.inSession();
    rig.asks(BackpressureAction.PAUSE, 3_000L);
    rig.machine.end("source_ended", rig.now);
    assertThat(rig.machine.state()).isEqualTo(LinkState.COMPLETING);
    rig.seconds(20);
    assertThat(rig.machine.state()).isEqualTo(LinkState.CLOSED);
  }
}
