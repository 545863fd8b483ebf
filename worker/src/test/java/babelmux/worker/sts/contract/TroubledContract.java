package babelmux.worker.sts.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.StsOutcome.Dub;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What must hold when fragment 1 of a stream's first session meets trouble; its id begins with the
 * name of the trouble.
 */
abstract class TroubledContract extends OrderlyContract {

  /** Three fragments one after another; only the second is affected, and the link goes on. */
  private static void onlyTheSecond(Subject subject, String becomes) {
    assertThat(Subject.words(subject.oneByOne(3))).containsExactly("dub", becomes, "dub");
    await().until(() -> subject.link.status().inFlight() == 0);
    assertThat(subject.link.status().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void anAnswerAfterTheLimitIsCountedAndDropped() {
    try (Subject subject = new Subject(service(), "late")) {
      StsOutcome first = Subject.settled(subject.submit());
      StsOutcome struck = Subject.settled(subject.submit());
      await().until(() -> subject.late.contains(1L));
      StsOutcome next = Subject.settled(subject.submit());
      assertThat(Subject.words(List.of(first, struck, next)))
          .containsExactly("dub", "timeout", "dub");
      assertThat(subject.violations).isEmpty();
    }
  }

  @Test
  void anAnswerThatNeverComesCostsItsFragmentOnly() {
    try (Subject subject = new Subject(service(), "drop")) {
      onlyTheSecond(subject, "timeout");
      assertThat(subject.sent).containsExactly("0:0", "1:1", "2:2");
    }
  }

  @Test
  void aSessionThatStandsStillIsBegunAnew() {
    try (Subject subject = new Subject(service(), "hole")) {
      assertThat(subject.oneByOne(2)).hasSize(2);
      CompletableFuture<StsOutcome> behind = subject.submit();
      assertThat(Subject.word(Subject.settled(behind))).isEqualTo("timeout");
      // A session that is silent for 6 s and the limit stands still.
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> subject.violations.contains(ProtocolViolation.STALL));
      await().until(() -> subject.link.status().state() == LinkState.READY);
      assertThat(Subject.words(subject.oneByOne(2))).containsExactly("dub", "dub");
      assertThat(subject.sent).endsWith("3:0", "4:1");
      assertThat(subject.states).doesNotContain(LinkState.RECONNECTING);
    }
  }

  @Test
  void anAnswerThatComesTwiceSettlesOnce() {
    try (Subject subject = new Subject(service(), "double")) {
      onlyTheSecond(subject, "dub");
      assertThat(subject.violations).containsExactly(ProtocolViolation.DUPLICATE_ANSWER);
    }
  }

  @Test
  void anAnswerForNobodyIsCounted() {
    try (Subject subject = new Subject(service(), "stranger")) {
      onlyTheSecond(subject, "dub");
      assertThat(subject.violations).containsExactly(ProtocolViolation.UNKNOWN_FRAGMENT);
    }
  }

  @Test
  void answersOutOfOrderFindTheirFragments() {
    try (Subject subject = new Subject(service(), "reorder")) {
      List<CompletableFuture<StsOutcome>> results =
          IntStream.range(0, 3).mapToObj(i -> subject.submit()).toList();
      for (int i = 0; i < 3; i++) {
        assertThat(((Dub) Subject.settled(results.get(i))).audio()).isEqualTo(Subject.sound(i));
      }
      assertThat(subject.violations).isEmpty();
    }
  }

  @Test
  void aFailedAnswerFallsBackAndIsNotSentAgain() {
    try (Subject subject = new Subject(service(), "failed")) {
      onlyTheSecond(subject, "error");
      assertThat(subject.codes).containsExactly("MODEL_ERROR");
      assertThat(subject.sent).containsExactly("0:0", "1:1", "2:2");
    }
  }

  @Test
  void aRefusalWithoutIdsBeginsTheSessionAnewSoThatNoNumberIsMissing() {
    try (Subject subject = new Subject(service(), "toolarge")) {
      assertThat(Subject.words(subject.oneByOne(2))).containsExactly("dub", "error");
      await().until(() -> subject.link.status().state() == LinkState.READY);
      assertThat(Subject.words(subject.oneByOne(2))).containsExactly("dub", "dub");
      assertThat(subject.sent).containsExactly("0:0", "1:1", "2:0", "3:1");
      assertThat(subject.states).doesNotContain(LinkState.RECONNECTING);
    }
  }

  @Test
  void aLostConnectionCostsWhatIsInFlightAndNumbersBeginAtZero() {
    try (Subject subject = new Subject(service(), "cut")) {
      assertThat(Subject.words(subject.oneByOne(2))).containsExactly("dub", "disconnected");
      await().until(() -> subject.link.generation() == 2);
      assertThat(Subject.words(subject.oneByOne(2))).containsExactly("dub", "dub");
      assertThat(subject.sent).containsExactly("0:0", "1:1", "2:0", "3:1");
      assertThat(subject.states).contains(LinkState.RECONNECTING);
      assertThat(subject.link.status().breaker()).isEqualTo(BreakerState.CLOSED);
    }
  }

  @Test
  void aPauseThatIsNeverReleasedReleasesItself() {
    try (Subject subject = new Subject(service(), "press")) {
      onlyTheSecond(subject, "dub");
      assertThat(subject.states).contains(LinkState.PAUSED).endsWith(LinkState.READY);
    }
  }

  @Test
  void badBase64IsInvalidOutput() {
    try (Subject subject = new Subject(service(), "nonsense")) {
      onlyTheSecond(subject, "invalid_output");
    }
  }

  @Test
  void successWithoutSoundIsInvalidOutput() {
    try (Subject subject = new Subject(service(), "silent")) {
      onlyTheSecond(subject, "invalid_output");
    }
  }

  @Test
  void soundAsBareTextIsUsed() {
    try (Subject subject = new Subject(service(), "text")) {
      subject.oneByOne(1);
      assertThat(((Dub) Subject.settled(subject.submit())).audio()).isEqualTo(Subject.sound(1));
    }
  }

  @Test
  void anUnknownVoiceIsReplacedByTheDefaultOnce() {
    try (Subject subject = new Subject(service(), "voice", "nightingale")) {
      assertThat(Subject.words(subject.oneByOne(1))).containsExactly("dub");
      assertThat(subject.violations).containsExactly(ProtocolViolation.VOICE_REFUSED);
    }
  }

  @Test
  void aFarewellThatIsNeverAnsweredEndsByItself() throws Exception {
    try (Subject subject = new Subject(service(), "mute")) {
      subject.oneByOne(1);
      subject.link.end("source_ended").get(15, TimeUnit.SECONDS);
      assertThat(subject.states).contains(LinkState.COMPLETING).endsWith(LinkState.CLOSED);
    }
  }
}
