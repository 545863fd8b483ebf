package babelmux.worker.sts.link;

import static babelmux.worker.sts.link.MachineRig.dubbed;
import static babelmux.worker.sts.link.MachineRig.reason;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.wire.ClientMessage.StreamInit;
import babelmux.worker.sts.wire.ClientMessage.StreamResume;
import babelmux.worker.sts.wire.ServerMessage;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {

  @Test
  void anErrorWithoutIdIsAboutTheOldestFragmentThatWasNotConfirmed() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> confirmed = rig.submit();
    CompletableFuture<StsOutcome> refused = rig.submit();
    CompletableFuture<StsOutcome> younger = rig.submit();
    rig.acks("f0").refuses(null, "INVALID_AUDIO_FORMAT").answers("f0").answers("f2");
    assertThat(reason(refused)).isEqualTo(FallbackReason.ERROR);
    assertThat(dubbed(confirmed)).isTrue();
    assertThat(dubbed(younger)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVALID_CONFIG", "UNSUPPORTED_LANGUAGE"})
  void aRefusedSecondInitIsNotBlamedOnAFragmentOfTheSessionBefore(String code) {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.answers("f0");
    CompletableFuture<StsOutcome> first = rig.submit();
    rig.submit();
    rig.refuses("f1", "INVALID_AUDIO_FORMAT");
    assertThat(reason(first)).isEqualTo(FallbackReason.ERROR);
    assertThat(rig.emitted(StreamInit.class)).hasSize(2);
    // This service does not confirm what it gets, so the error can only be about the stream:init.
    rig.refuses(null, code);
    assertThat(rig.machine.state()).isEqualTo(LinkState.RECONNECTING);
    assertThat(rig.status().lastError()).contains("stream:init").contains(code);
  }

  @Test
  void whatOnlyAnInitCanBeRefusedWithIsAboutTheInit() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.submit();
    rig.refuses("f0", "MALFORMED_DATA").refuses(null, "UNSUPPORTED_LANGUAGE");
    assertThat(rig.machine.state()).isEqualTo(LinkState.RECONNECTING);
  }

  @Test
  void anErrorAfterTheNewSessionIsReadyIsNotBlamedOnTheOneBefore() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    CompletableFuture<StsOutcome> left = rig.submit();
    rig.refuses("f0", "MALFORMED_DATA").ready().refuses(null, "INVALID_AUDIO_FORMAT");
    assertThat(left).isNotDone();
    assertThat(rig.events).contains("oddity stray_error");
  }

  @Test
  void theNumberOfARefusedFragmentGoesToTheNext() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.acks("f0").submit();
    rig.refuses(null, "INVALID_AUDIO_FORMAT").submit();
    assertThat(rig.numbers()).containsExactly(0, 1, 1);
    assertThat(rig.emitted(StreamInit.class)).hasSize(1);
  }

  @Test
  void aHoleBelowNumbersInUseBeginsTheSessionAnew() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> refused = rig.submit();
    CompletableFuture<StsOutcome> above = rig.submit();
    rig.refuses("f0", "INVALID_AUDIO_FORMAT");
    assertThat(reason(refused)).isEqualTo(FallbackReason.ERROR);
    assertThat(rig.emitted(StreamInit.class)).hasSize(2);
    assertThat(above).as("its answer may still come").isNotDone();
    assertThat(rig.status().inFlight()).isZero();
    rig.ready().submit();
    assertThat(rig.numbers()).containsExactly(0, 1, 0);
    rig.answers("f1");
    assertThat(dubbed(above)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"INVALID_CONFIG", "FRAGMENT_TOO_LARGE", "MALFORMED_DATA", "INVALID_SEQUENCE"})
  void aFragmentThatMakesTheSessionDoubtfulBeginsItAnewWithoutLosingTheNext(String code) {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> refused = rig.submit();
    rig.refuses("f0", code);
    assertThat(reason(refused)).isEqualTo(FallbackReason.ERROR);
    assertThat(rig.machine.state()).isEqualTo(LinkState.INITIALISING);
    assertThat(rig.machine.generation()).as("segments cut meanwhile are sent").isEqualTo(1);
    CompletableFuture<StsOutcome> next = rig.submit();
    rig.ready().answers("f1");
    assertThat(dubbed(next)).isTrue();
    assertThat(rig.numbers()).containsExactly(0, 0);
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"STREAM_NOT_FOUND", "STREAM_NOT_READY"})
  void aLostSessionFallsBackAndBeginsAnew(String code) {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> first = rig.submit();
    CompletableFuture<StsOutcome> second = rig.submit();
    rig.acks("f0").refuses(null, code);
    assertThat(reason(first)).isEqualTo(FallbackReason.ERROR);
    assertThat(reason(second)).isEqualTo(FallbackReason.ERROR);
    assertThat(rig.emitted(StreamInit.class)).hasSize(2);
    rig.ready().submit();
    assertThat(rig.numbers()).containsExactly(0, 1, 0);
  }

  @Test
  void aServiceThatLosesEverySessionIsNotAskedInACircle() {
    MachineRig rig = MachineRig.inSession();
    for (int i = 0; i < 100; i++) {
      rig.refuses(null, "STREAM_NOT_FOUND").ready().seconds(0.1);
    }
    assertThat(rig.emitted(StreamInit.class)).hasSizeLessThan(8);
  }

  @Test
  void twoRefusalsInARowAreNotTakenForARefusedInit() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.submit();
    rig.refuses(null, "INVALID_CONFIG").refuses(null, "INVALID_CONFIG");
    assertThat(rig.machine.state()).isEqualTo(LinkState.INITIALISING);
    rig.ready();
    assertThat(rig.machine.state()).isEqualTo(LinkState.READY);
  }

  @Test
  void aFullQueueIsAPauseAndOneRetryWithTheSameNumber() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.refuses("f0", "QUEUE_FULL");
    assertThat(rig.machine.state()).isEqualTo(LinkState.PAUSED);
    assertThat(rig.numbers()).containsExactly(0);
    rig.seconds(2);
    assertThat(rig.numbers()).containsExactly(0, 0);
    assertThat(rig.samplesSent).isEqualTo(2 * 288_000);
    rig.refuses("f0", "QUEUE_FULL");
    assertThat(reason(result)).isEqualTo(FallbackReason.OVERLOAD);
    rig.seconds(3).submit();
    assertThat(rig.numbers()).containsExactly(0, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"QUEUE_FULL", "BACKPRESSURE_EXCEEDED", "RATE_LIMIT"})
  void aNumberThatIsRefusedForEverIsGivenUpWithItsSessionWhenTheBreakerOpens(String code) {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.answers("f0");
    rig.submit();
    refuseUntilOpen(rig, code);
    assertThat(rig.numbers()).hasSize(6);
    assertThat(rig.emitted(StreamInit.class)).hasSize(2);
    rig.ready().seconds(30.1);
    CompletableFuture<StsOutcome> probe = rig.submit();
    assertThat(rig.numbers().get(6)).isZero();
    rig.answers(rig.sentId(6));
    assertThat(dubbed(probe)).isTrue();
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  /** Hands over a segment every 6 s and refuses whatever is sent. */
  private static void refuseUntilOpen(MachineRig rig, String code) {
    int refused = 1;
    for (int tenths = 1; rig.status().breaker() == BreakerState.CLOSED; tenths++) {
      assertThat(tenths).as("%s", rig.numbers()).isLessThan(1_000);
      for (; refused < rig.numbers().size(); refused++) {
        rig.refuses(rig.sentId(refused), code);
      }
      rig.seconds(0.1);
      if (tenths % 60 == 0) {
        rig.submit();
      }
    }
  }

  @Test
  void aProbeThatIsTheFirstOfItsNumberToBeRefusedDoesNotBeginAnew() {
    MachineRig rig = MachineRig.inSession();
    for (int i = 0; i < 5; i++) {
      rig.submit();
      rig.fails("f" + i, "MODEL_ERROR", true);
    }
    rig.seconds(30.1).submit();
    rig.refuses("f5", "QUEUE_FULL");
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.OPEN);
    assertThat(rig.emitted(StreamInit.class)).hasSize(1);
  }

  @Test
  void backpressureExceededIsRetriedWhenLessIsInFlight() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.acks("f0");
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.refuses(null, "BACKPRESSURE_EXCEEDED");
    assertThat(rig.numbers()).containsExactly(0, 1);
    rig.answers("f0");
    assertThat(rig.numbers()).containsExactly(0, 1, 1);
    rig.answers("f1");
    assertThat(dubbed(result)).isTrue();
  }

  @Test
  void aRateLimitWaitsAsLongAsToldOrLongerEachTime() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.says(
        new ServerMessage.StsError(
            "RATE_LIMIT_EXCEEDED", "slowly", true, "f0", OptionalLong.of(3_000)));
    rig.seconds(2.9);
    assertThat(rig.numbers()).hasSize(1);
    rig.seconds(0.1);
    assertThat(rig.numbers()).containsExactly(0, 0);
    rig.refuses("f0", "RATE_LIMIT").seconds(1.9);
    assertThat(rig.numbers()).hasSize(2);
    rig.seconds(0.2);
    assertThat(rig.numbers()).containsExactly(0, 0, 0);
  }

  @Test
  void aPausedStreamIsResumedAndTheFragmentSentOnceMore() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.says(MachineRig.error("STREAM_PAUSED", "f0", false));
    assertThat(rig.emitted(StreamResume.class)).containsExactly(new StreamResume("demo"));
    assertThat(rig.numbers()).containsExactly(0, 0);
    assertThat(rig.emitted.get(rig.emitted.size() - 2)).isInstanceOf(StreamResume.class);
    rig.answers("f0");
    assertThat(dubbed(result)).isTrue();
  }

  @Test
  void aRefusedFragmentThatIsNotSentAgainInTimeLeavesNoHole() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> first = rig.submit();
    rig.submit();
    rig.says(
        new ServerMessage.StsError("RATE_LIMIT", "for long", true, "f0", OptionalLong.of(50_000)));
    rig.acks("f1").answers("f1").seconds(8);
    assertThat(reason(first)).isEqualTo(FallbackReason.OVERLOAD);
    assertThat(rig.emitted(StreamInit.class)).as("number 0 was never used").hasSize(2);
  }

  @Test
  void whatMayNotBeRetriedIsNot() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.says(MachineRig.error("QUEUE_FULL", "f0", false));
    assertThat(reason(result)).isEqualTo(FallbackReason.OVERLOAD);
  }

  @Test
  void anErrorAboutNothingIsCounted() {
    MachineRig rig = MachineRig.inSession().refuses(null, "INVALID_CONFIG").refuses("x", "TIMEOUT");
    assertThat(rig.machine.state()).isEqualTo(LinkState.READY);
    assertThat(rig.events).filteredOn("oddity stray_error"::equals).hasSize(2);
  }

  @Test
  void aStalledSessionIsReplacedAfterTwiceTheLimit() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.seconds(6).submit();
    rig.seconds(6).submit();
    rig.seconds(3.9);
    assertThat(rig.emitted(StreamInit.class)).hasSize(1);
    rig.seconds(0.2);
    assertThat(rig.events).contains("oddity stall");
    assertThat(rig.emitted(StreamInit.class)).hasSize(2);
    rig.ready().submit();
    assertThat(rig.numbers()).containsExactly(0, 1, 2, 0);
  }

  @Test
  void oneLateAnswerIsNoStall() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.seconds(6).submit();
    rig.seconds(9).answers("f0").seconds(10);
    assertThat(rig.events).doesNotContain("oddity stall");
  }

  @Test
  void withAShortLimitOneLateAnswerIsNoStallEither() {
    MachineRig rig = new MachineRig(MachineRig.config().build(), Duration.ofSeconds(2));
    rig.connected().ready().submit();
    rig.seconds(6).submit();
    rig.seconds(1.5).answers("f0").seconds(4.5).submit();
    rig.seconds(7.9);
    assertThat(rig.events).contains("late 0 7500").doesNotContain("oddity stall");
    rig.seconds(0.2);
    assertThat(rig.events).as("none for 8 s").contains("oddity stall");
  }

  @Test
  void answersToFragmentsThatWereLeftBehindDoNotSpeedUpTheInits() {
    MachineRig rig = MachineRig.inSession();
    for (int i = 0; i < 40; i++) {
      rig.submit();
      int sent = rig.numbers().size();
      rig.refuses(null, "STREAM_NOT_FOUND").seconds(0.01).ready();
      for (int n = 0; n < sent; n++) {
        rig.answers(rig.sentId(n));
      }
      rig.seconds(0.1);
    }
    assertThat(rig.emitted(StreamInit.class)).hasSizeLessThan(8);
  }

  @Test
  void whatExpiresWhileThereIsNoSessionIsDisconnectedAndNotOverload() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.refuses("f0", "MALFORMED_DATA");
    CompletableFuture<StsOutcome> waiting = rig.submit();
    rig.seconds(8.1);
    assertThat(reason(waiting)).isEqualTo(FallbackReason.DISCONNECTED);
  }

  @Test
  void aServiceThatIsDeadBehindItsSocketIsLeftAfterTheSecondLimit() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.seconds(16.1);
    assertThat(rig.machine.state()).isEqualTo(LinkState.INITIALISING);
    rig.seconds(10);
    assertThat(rig.machine.state()).isEqualTo(LinkState.RECONNECTING);
  }
}
