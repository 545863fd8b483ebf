package babelmux.worker.sts.link;

import static babelmux.worker.sts.link.MachineRig.dubbed;
import static babelmux.worker.sts.link.MachineRig.reason;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.wire.ClientMessage.StreamInit;
import babelmux.worker.sts.wire.StreamInitConfig;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconnectionTest {

  @Test
  void startsASessionAndIsReadyOnlyThen() {
    MachineRig rig = new MachineRig();
    assertThat(rig.connects).hasSize(1);
    assertThat(rig.machine.state()).isEqualTo(LinkState.CONNECTING);
    rig.connected();
    assertThat(rig.machine.state()).isEqualTo(LinkState.INITIALISING);
    assertThat(rig.machine.generation()).isZero();
    rig.ready();
    assertThat(rig.machine.state()).isEqualTo(LinkState.READY);
    assertThat(rig.machine.generation()).isEqualTo(1);
    assertThat(rig.status().sessionId()).isEqualTo("s-1");
  }

  @Test
  void asksForASessionWithAllFields() {
    MachineRig rig = new MachineRig().connected();
    assertThat(rig.emitted)
        .containsExactly(
            new StreamInit(
                "demo",
                "worker-demo",
                new StreamInitConfig("en", "es", "default", 6_000, 48_000, 2, "m4a"),
                3,
                8_000));
  }

  @Test
  void triesAgainAfter2_4_8_16_32SecondsThenFor32To60ForEver() {
    MachineRig rig = new MachineRig();
    for (int i = 0; i < 8; i++) {
      rig.machine.connectFailed(rig.lastConnection(), "", "refused", rig.now);
      assertThat(rig.machine.state()).isEqualTo(LinkState.RECONNECTING);
      rig.pass(Duration.ofMillis(rig.status().nextAttemptMs() + 1));
    }
    assertThat(rig.events.stream().filter(e -> e.startsWith("reconnecting")))
        .containsExactly(
            "reconnecting 1 2100",
            "reconnecting 2 4200",
            "reconnecting 3 8400",
            "reconnecting 4 16800",
            "reconnecting 5 33600",
            "reconnecting 6 46000",
            "reconnecting 7 46000",
            "reconnecting 8 46000");
    assertThat(rig.events).filteredOn(e -> e.startsWith("permanent")).hasSize(1);
    assertThat(rig.connects).hasSize(9).doesNotHaveDuplicates();
    rig.connected().ready();
    assertThat(rig.machine.state()).isEqualTo(LinkState.READY);
  }

  @Test
  void aServiceThatDoesNotAnswerTheConnectionIsLeftAfterTenSeconds() {
    MachineRig rig = new MachineRig().seconds(9.9);
    assertThat(rig.disconnects).isZero();
    rig.seconds(0.2);
    assertThat(rig.disconnects).isEqualTo(1);
    assertThat(rig.machine.state()).isEqualTo(LinkState.RECONNECTING);
  }

  @Test
  void anAttemptToReconnectIsLeftAfterTenSecondsToo() {
    MachineRig rig = new MachineRig();
    rig.machine.connectFailed(rig.lastConnection(), "", "refused", rig.now);
    rig.seconds(2.2);
    assertThat(rig.connects).hasSize(2);
    rig.seconds(10);
    assertThat(rig.status().attempt()).isEqualTo(2);
    rig.seconds(4.2);
    assertThat(rig.connects).hasSize(3);
  }

  @Test
  void aServiceThatIsNeverReadyIsLeftAfterTenSeconds() {
    MachineRig rig = new MachineRig().connected().seconds(10.1);
    assertThat(rig.machine.state()).isEqualTo(LinkState.RECONNECTING);
  }

  @Test
  void everythingFallsBackAtOnceWhenTheConnectionIsLostAndTheBreakerDoesNotCare() {
    MachineRig rig = MachineRig.inSession();
    List<CompletableFuture<StsOutcome>> results =
        List.of(rig.submit(), rig.submit(), rig.submit(), rig.submit());
    assertThat(rig.status().waiting()).isEqualTo(1);
    rig.machine.disconnected(rig.lastConnection(), "transport close", rig.now);
    assertThat(results).allMatch(r -> reason(r) == FallbackReason.DISCONNECTED);
    assertThat(rig.status().inFlight()).isZero();
    assertThat(rig.machine.generation()).isZero();
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void afterAReconnectNumbersBeginAt0AndNothingOldIsSent() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.submit();
    long oldGeneration = rig.machine.generation();
    rig.machine.disconnected(rig.lastConnection(), "transport close", rig.now);
    assertThat(reason(rig.submit(0, rig.now + 1, 10))).isEqualTo(FallbackReason.DISCONNECTED);
    rig.seconds(2.2).connected().ready();
    CompletableFuture<StsOutcome> cutBefore = rig.submit(oldGeneration, rig.now + 1_000, 10);
    CompletableFuture<StsOutcome> cutWithoutSession = rig.submit(0, rig.now + 1_000, 10);
    assertThat(reason(cutBefore)).isEqualTo(FallbackReason.DISCONNECTED);
    assertThat(reason(cutWithoutSession)).isEqualTo(FallbackReason.DISCONNECTED);
    CompletableFuture<StsOutcome> first = rig.submit();
    rig.answers(rig.sentId(2));
    assertThat(dubbed(first)).isTrue();
    assertThat(rig.numbers()).containsExactly(0, 1, 0);
  }

  @Test
  void whatComesFromAnOldConnectionIsIgnored() {
    MachineRig rig = MachineRig.inSession();
    int old = rig.lastConnection();
    rig.machine.disconnected(old, "gone", rig.now);
    rig.seconds(2.2).connected().ready();
    rig.machine.disconnected(old, "gone again", rig.now);
    rig.machine.connectFailed(old, "AUTH_FAILED", "late", rig.now);
    rig.machine.received(old, MachineRig.error("AUTH_FAILED", null, false), rig.now);
    rig.machine.connected(old, OptionalLong.empty(), rig.now);
    assertThat(rig.machine.state()).isEqualTo(LinkState.READY);
  }

  @Test
  void theWaitsBeginAgainOnlyAfterASessionThatLasted() {
    MachineRig rig = MachineRig.inSession();
    rig.machine.disconnected(rig.lastConnection(), "gone", rig.now);
    rig.seconds(2.2).connected().ready().seconds(10);
    rig.machine.disconnected(rig.lastConnection(), "gone", rig.now);
    rig.seconds(4.3).connected().ready().seconds(31);
    rig.machine.disconnected(rig.lastConnection(), "gone", rig.now);
    assertThat(rig.events.stream().filter(e -> e.startsWith("reconnecting")))
        .containsExactly("reconnecting 1 2100", "reconnecting 2 4200", "reconnecting 1 2100");
  }

  @Test
  void aConnectionThatBreaksBeforeItStandsIsAFailedAttempt() {
    MachineRig rig = new MachineRig();
    rig.machine.disconnected(rig.lastConnection(), "transport close", rig.now);
    assertThat(rig.machine.state()).isEqualTo(LinkState.RECONNECTING);
  }

  @Test
  void aRefusalForGoodEndsInPassThroughWithoutALoop() {
    MachineRig rig = new MachineRig();
    rig.machine.connectFailed(rig.lastConnection(), "AUTH_FAILED", "bad key", rig.now);
    assertThat(rig.machine.state()).isEqualTo(LinkState.PASS_THROUGH);
    assertThat(reason(rig.submit(0, rig.now + 1, 10))).isEqualTo(FallbackReason.ERROR);
    rig.seconds(3_600);
    assertThat(rig.connects).hasSize(1);
    assertThat(rig.status().lastError()).contains("AUTH_FAILED");
    assertThat(rig.events).filteredOn(e -> e.startsWith("permanent")).hasSize(1);
  }

  @Test
  void aRefusedTokenAtInitEndsInPassThroughForGood() {
    MachineRig rig = new MachineRig().connected().refuses(null, "AUTH_FAILED").seconds(600);
    assertThat(rig.machine.state()).isEqualTo(LinkState.PASS_THROUGH);
    assertThat(rig.connects).hasSize(1);
    assertThat(rig.emitted).hasSize(1);
    assertThat(rig.disconnects).isEqualTo(1);
    assertThat(rig.status().nextAttemptMs()).isEqualTo(-1);
  }

  @Test
  void aRefusedTokenIsNoReasonAnyMoreWhenAnotherOneIsSent() {
    MachineRig rig = new MachineRig();
    rig.machine.connectFailed(rig.lastConnection(), "AUTH_FAILED", "bad key", rig.now);
    rig.seconds(100);
    rig.machine.tokenChanged(rig.now);
    assertThat(rig.connects).as("at once").hasSize(2);
    assertThat(rig.machine.state()).as("not answered yet").isEqualTo(LinkState.PASS_THROUGH);
    rig.connected().ready();
    CompletableFuture<StsOutcome> next = rig.submit();
    rig.answers("f0");
    assertThat(dubbed(next)).isTrue();
    assertThat(rig.seconds(600).connects).hasSize(2);
  }

  @Test
  void anotherTokenThatIsRefusedTooIsTheEndOfIt() {
    MachineRig rig = new MachineRig().connected().refuses(null, "AUTH_FAILED");
    rig.machine.tokenChanged(rig.now);
    rig.connected().refuses(null, "AUTH_FAILED").seconds(600);
    assertThat(rig.connects).hasSize(2);
    assertThat(rig.status().nextAttemptMs()).isEqualTo(-1);
  }

  @Test
  void aRefusalOfATokenThatIsNotSentAnyMoreIsAskedAgainAtOnceAndOnce() {
    MachineRig rig = new MachineRig();
    rig.machine.tokenChanged(rig.now);
    assertThat(rig.connects).as("an attempt is being made").hasSize(1);
    rig.machine.connectFailed(rig.lastConnection(), "AUTH_FAILED", "old key", rig.now);
    assertThat(rig.connects).hasSize(2);
    rig.machine.connectFailed(rig.lastConnection(), "AUTH_FAILED", "new key", rig.now);
    assertThat(rig.seconds(600).connects).hasSize(2);
  }

  @Test
  void anotherTokenDisturbsNoSessionAndIsSentWhenTheServiceEndsTheOldOne() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.machine.tokenChanged(rig.now);
    rig.answers("f0");
    assertThat(dubbed(result)).isTrue();
    assertThat(rig.connects).hasSize(1);
    rig.refuses(null, "AUTH_FAILED");
    assertThat(rig.connects).hasSize(2);
    rig.connected().ready();
    assertThat(rig.machine.state()).isEqualTo(LinkState.READY);
  }

  @Test
  void anotherTokenHurriesNoWaitAndOpensNoClosedLink() {
    MachineRig refused = new MachineRig().connected().refuses(null, "INVALID_CONFIG");
    refused.machine.tokenChanged(refused.now);
    assertThat(refused.connects).hasSize(1);
    MachineRig closed = new MachineRig().connected().refuses(null, "AUTH_FAILED");
    closed.machine.close("closed");
    closed.machine.tokenChanged(closed.now);
    assertThat(closed.seconds(600).connects).hasSize(1);
    assertThat(closed.machine.state()).isEqualTo(LinkState.CLOSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVALID_CONFIG", "UNSUPPORTED_LANGUAGE_PAIR", "INVALID_VOICE_PROFILE"})
  void aRefusedStreamIsPassedThroughAndAskedForAgainEvery32To60Seconds(String code) {
    MachineRig rig = new MachineRig().connected().refuses(null, code);
    for (int i = 1; i <= 5; i++) {
      assertThat(rig.machine.state()).isEqualTo(LinkState.PASS_THROUGH);
      assertThat(rig.connects).hasSize(i);
      assertThat(rig.status().nextAttemptMs()).isBetween(32_000L, 60_000L);
      assertThat(reason(rig.submit(0, rig.now + 1, 10))).isEqualTo(FallbackReason.ERROR);
      rig.pass(Duration.ofMillis(rig.status().nextAttemptMs() + 1)).connected();
      assertThat(rig.machine.state()).as("not answered yet").isEqualTo(LinkState.PASS_THROUGH);
      rig.refuses(null, code);
    }
    assertThat(rig.events).filteredOn(e -> e.startsWith("permanent")).hasSize(1);
    assertThat(rig.status().lastError()).contains(code);
  }

  @Test
  void aServiceThatWasOutOfMemoryAtInitIsUsedWhenItTakesTheStream() {
    MachineRig rig = new MachineRig().connected().refuses(null, "INVALID_CONFIG").seconds(47);
    rig.connected().ready();
    assertThat(rig.machine.state()).isEqualTo(LinkState.READY);
    CompletableFuture<StsOutcome> next = rig.submit();
    rig.answers("f0");
    assertThat(dubbed(next)).isTrue();
    assertThat(rig.seconds(600).connects).hasSize(2);
  }

  @Test
  void aRefusedStreamStaysInPassThroughWhenTheServiceCannotBeReachedOrIsSilent() {
    MachineRig rig = new MachineRig().connected().refuses(null, "INVALID_CONFIG").seconds(47);
    rig.machine.connectFailed(rig.lastConnection(), "", "refused", rig.now);
    assertThat(rig.machine.state()).isEqualTo(LinkState.PASS_THROUGH);
    rig.seconds(47);
    assertThat(rig.connects).hasSize(3);
    rig.seconds(10.1);
    assertThat(rig.status().nextAttemptMs()).as("no connection").isBetween(30_000L, 60_000L);
    rig.seconds(47).connected().seconds(10.1);
    assertThat(rig.status().nextAttemptMs()).as("no stream:ready").isBetween(30_000L, 60_000L);
    assertThat(rig.machine.state()).isEqualTo(LinkState.PASS_THROUGH);
    rig.machine.end("source_ended", rig.now);
    assertThat(rig.machine.state()).isEqualTo(LinkState.CLOSED);
    assertThat(rig.seconds(600).connects).hasSize(4);
  }

  @Test
  void aRefusedVoiceIsAskedForOnceMoreAsTheDefault() {
    MachineRig rig = new MachineRig(MachineRig.config().voiceProfile("ann").build()).connected();
    rig.refuses(null, "INVALID_VOICE_PROFILE");
    assertThat(rig.emitted(StreamInit.class).stream().map(i -> i.config().voiceProfile()))
        .containsExactly("ann", "default");
    rig.refuses(null, "INVALID_VOICE_PROFILE");
    assertThat(rig.machine.state()).isEqualTo(LinkState.PASS_THROUGH);
    rig.seconds(47).connected();
    assertThat(rig.emitted(StreamInit.class).get(2).config().voiceProfile()).isEqualTo("ann");
  }

  @Test
  void aBusyServiceAtInitIsTriedAgainLater() {
    MachineRig rig = new MachineRig().connected().refuses(null, "QUEUE_FULL");
    assertThat(rig.machine.state()).isEqualTo(LinkState.RECONNECTING);
  }

  @Test
  void authFailedInTheMiddleEndsInPassThrough() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.refuses(null, "AUTH_FAILED");
    assertThat(rig.machine.state()).isEqualTo(LinkState.PASS_THROUGH);
    assertThat(reason(result)).isEqualTo(FallbackReason.ERROR);
  }

  @Test
  void closingSettlesEverythingOnceAndIsIdempotent() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.machine.close("closed");
    rig.machine.close("closed");
    assertThat(reason(result)).isEqualTo(FallbackReason.DISCONNECTED);
    assertThat(rig.ends).isEqualTo(1);
    assertThat(reason(rig.submit(1, rig.now + 1, 10))).isEqualTo(FallbackReason.DISCONNECTED);
    rig.seconds(3_600);
    assertThat(rig.connects).hasSize(1);
    assertThat(rig.machine.nextWake()).isEqualTo(FragmentSender.NEVER);
  }
}
