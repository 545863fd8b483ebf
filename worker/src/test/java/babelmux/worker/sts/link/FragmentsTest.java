package babelmux.worker.sts.link;

import static babelmux.worker.sts.link.MachineRig.dubbed;
import static babelmux.worker.sts.link.MachineRig.reason;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.StsOutcome.Dub;
import babelmux.worker.sts.wire.ClientMessage.FragmentData;
import babelmux.worker.sts.wire.ServerMessage;
import babelmux.worker.sts.wire.ServerMessage.DubbedAudio;
import babelmux.worker.sts.wire.ServerMessage.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FragmentsTest {

  @Test
  void sendsWhatTheContractWants() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    FragmentData sent = rig.emitted(FragmentData.class).get(0);
    assertThat(sent.streamId()).isEqualTo("demo");
    assertThat(sent.sequenceNumber()).isZero();
    assertThat(sent.timestamp()).isEqualTo(1_767_225_600_000L);
    assertThat(sent.audio().format()).isEqualTo("m4a");
    assertThat(sent.audio().durationMs()).isEqualTo(6_000);
  }

  @Test
  void anAnswerIsADubWithItsTextsAndItsRoundTrip() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.seconds(1.5).answers("f0");
    Dub dub = (Dub) result.join();
    assertThat(dub.audio()).containsExactly(1, 2, 3);
    assertThat(dub.translatedText()).isEqualTo("hola");
    assertThat(dub.rttNanos()).isEqualTo(1_500_000_000L);
    assertThat(rig.status().rttP99Ms()).isEqualTo(1_500);
  }

  @Test
  void neverMoreInFlightThanTheSmallerOfBothWindows() {
    MachineRig rig = new MachineRig().connected().ready(OptionalInt.of(2));
    for (int i = 0; i < 5; i++) {
      rig.submit();
    }
    assertThat(rig.numbers()).containsExactly(0, 1);
    rig.answers("f0");
    assertThat(rig.numbers()).containsExactly(0, 1, 2);
    assertThat(rig.status().inFlight()).isEqualTo(2);
  }

  @Test
  void aWindowThatMakesNoSenseIsOurs() {
    for (OptionalInt asked :
        List.of(
            OptionalInt.empty(), OptionalInt.of(0), OptionalInt.of(-1), OptionalInt.of(1 << 30))) {
      assertThat(new MachineRig().connected().ready(asked).status().window()).isEqualTo(3);
    }
    assertThat(new MachineRig().connected().ready(OptionalInt.of(9)).status().window())
        .isEqualTo(3);
  }

  @Test
  void answersAreMatchedByIdInAnyOrder() {
    MachineRig rig = MachineRig.inSession();
    List<CompletableFuture<StsOutcome>> results = List.of(rig.submit(), rig.submit(), rig.submit());
    rig.answers("f2").answers("f0").answers("f1");
    assertThat(results).allMatch(MachineRig::dubbed);
  }

  @Test
  void aFragmentFallsBackWhenItsLimitIsOverAndFreesItsPlace() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.seconds(7.9);
    assertThat(result).isNotDone();
    rig.seconds(0.1);
    assertThat(reason(result)).isEqualTo(FallbackReason.TIMEOUT);
    assertThat(rig.status().inFlight()).isZero();
  }

  @Test
  void theSlotsDeadlineCountsWhenItIsEarlier() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result =
        rig.submit(rig.machine.generation(), rig.now + 3_000_000_000L, 10);
    rig.seconds(3);
    assertThat(reason(result)).isEqualTo(FallbackReason.TIMEOUT);
  }

  @Test
  void aLateAnswerIsCountedConfirmedOnceAndDropped() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.seconds(9).answers("f0").answers("f0");
    assertThat(reason(result)).isEqualTo(FallbackReason.TIMEOUT);
    assertThat(rig.acked()).containsExactly("f0:received");
    assertThat(rig.events).contains("late 0 9000", "oddity duplicate_answer");
    assertThat(rig.status().rttLastMs()).isEqualTo(9_000);
  }

  @Test
  void anUnknownAnswerIsCountedConfirmedOnceAndDropped() {
    MachineRig rig = MachineRig.inSession().answers("who").answers("who");
    assertThat(rig.acked()).containsExactly("who:received");
    assertThat(rig.events).contains("oddity unknown_fragment", "oddity duplicate_answer");
  }

  @Test
  void aDuplicateIsCountedAndNotConfirmedAgain() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.answers("f0");
    ((Dub) result.join()).used(true);
    rig.deliverReceipts();
    rig.answers("f0");
    assertThat(rig.acked()).containsExactly("f0:applied");
    assertThat(rig.events).contains("oddity duplicate_answer");
  }

  @Test
  void anAnswerIsConfirmedAsTheSessionSaysOrAsReceivedAtTheDeadline() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> applied = rig.submit();
    CompletableFuture<StsOutcome> refused = rig.submit();
    rig.submit();
    rig.answers("f0").answers("f1").answers("f2");
    assertThat(rig.acked()).isEmpty();
    ((Dub) applied.join()).used(true);
    ((Dub) refused.join()).used(false);
    ((Dub) refused.join()).used(true);
    rig.deliverReceipts();
    assertThat(rig.acked()).containsExactly("f0:applied", "f1:received");
    rig.seconds(8.1);
    assertThat(rig.acked()).containsExactly("f0:applied", "f1:received", "f2:received");
  }

  @Test
  void aFailedAnswerIsConfirmedAndFallsBack() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> error = rig.submit();
    CompletableFuture<StsOutcome> busy = rig.submit();
    rig.fails("f0", "MODEL_ERROR", true).fails("f1", "QUEUE_FULL", true);
    assertThat(reason(error)).isEqualTo(FallbackReason.ERROR);
    assertThat(reason(busy)).isEqualTo(FallbackReason.OVERLOAD);
    assertThat(rig.acked()).containsExactly("f0:received", "f1:received");
    assertThat(rig.numbers()).as("no retry after an answer").containsExactly(0, 1);
  }

  @Test
  void successWithoutUsableSoundIsInvalidOutput() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> none = rig.submit();
    CompletableFuture<StsOutcome> broken = rig.submit();
    rig.says(MachineRig.processed("f0", Status.SUCCESS, null, null));
    rig.says(
        MachineRig.processed(
            "f1", Status.PARTIAL, new DubbedAudio(new byte[0], "", 0, 0, 0, "no base64"), null));
    assertThat(reason(none)).isEqualTo(FallbackReason.INVALID_OUTPUT);
    assertThat(reason(broken)).isEqualTo(FallbackReason.INVALID_OUTPUT);
    assertThat(rig.acked()).containsExactly("f0:received", "f1:received");
  }

  @Test
  void partialWithSoundIsUsed() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.says(MachineRig.processed("f0", Status.PARTIAL, MachineRig.sound(), null));
    assertThat(dubbed(result)).isTrue();
  }

  @Test
  void aWronglyLabelledAnswerIsUsedAndCounted() {
    MachineRig rig = MachineRig.inSession();
    CompletableFuture<StsOutcome> result = rig.submit();
    rig.says(
        new ServerMessage.FragmentProcessed(
            "f0",
            "other",
            OptionalInt.of(7),
            Status.SUCCESS,
            MachineRig.sound(),
            null,
            null,
            null));
    assertThat(dubbed(result)).isTrue();
    assertThat(rig.events).contains("oddity mislabelled_answer");
  }

  @Test
  void aMessageThatIsTooLongIsNotSentAndTakesNoNumber() {
    MachineRig rig = new MachineRig();
    rig.machine.connected(rig.lastConnection(), OptionalLong.of(100_000), rig.now);
    rig.ready();
    CompletableFuture<StsOutcome> tooLong =
        rig.submit(1, rig.now + MachineRig.LIMIT.toNanos(), 75_000);
    CompletableFuture<StsOutcome> fits =
        rig.submit(1, rig.now + MachineRig.LIMIT.toNanos(), 74_000);
    rig.answers("f1");
    assertThat(reason(tooLong)).isEqualTo(FallbackReason.ERROR);
    assertThat(dubbed(fits)).isTrue();
    assertThat(rig.numbers()).containsExactly(0);
    assertThat(rig.status().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void moreThanCanEverBeSentFallsBackAtOnce() {
    MachineRig rig = MachineRig.inSession();
    List<CompletableFuture<StsOutcome>> results = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      results.add(rig.submit());
    }
    assertThat(results).filteredOn(r -> reason(r) == FallbackReason.OVERLOAD).hasSize(1);
    assertThat(rig.status().waiting()).isEqualTo(16);
    rig.seconds(8);
    assertThat(results).allMatch(CompletableFuture::isDone);
  }

  @Test
  void oneHandedOverAfterItsDeadlineIsNotSent() {
    MachineRig rig = MachineRig.inSession();
    assertThat(reason(rig.submit(1, rig.now, 10))).isEqualTo(FallbackReason.OVERLOAD);
    assertThat(rig.numbers()).isEmpty();
  }

  @Test
  void aReadyOutOfTurnIsIgnored() {
    MachineRig rig = MachineRig.inSession();
    rig.submit();
    rig.ready(OptionalInt.of(1));
    rig.submit();
    assertThat(rig.numbers()).containsExactly(0, 1);
    assertThat(rig.events).contains("oddity unexpected_event");
  }
}
