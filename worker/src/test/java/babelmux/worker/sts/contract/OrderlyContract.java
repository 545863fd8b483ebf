package babelmux.worker.sts.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.StsOutcome;
import babelmux.worker.sts.StsOutcome.Dub;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What must hold with every service that keeps the contract. */
@Timeout(60)
abstract class OrderlyContract {

  /** Where the service is. */
  abstract URI service();

  @Test
  void tenFragmentsComeBackAndTheStreamEndsWithAFarewell() throws Exception {
    try (Subject subject = new Subject(service(), "plain")) {
      for (int i = 0; i < 10; i++) {
        StsOutcome outcome = Subject.settled(subject.submit());
        assertThat(outcome).isInstanceOf(Dub.class);
        assertThat(((Dub) outcome).audio()).isEqualTo(Subject.sound(i));
        assertThat(((Dub) outcome).transcript()).isNotBlank();
        assertThat(((Dub) outcome).durationMs()).isEqualTo(6_000);
      }
      assertThat(subject.sent)
          .containsExactlyElementsOf(IntStream.range(0, 10).mapToObj(i -> i + ":" + i).toList());
      subject.link.end("source_ended").get(10, TimeUnit.SECONDS);
      assertThat(subject.states)
          .containsExactly(
              LinkState.INITIALISING,
              LinkState.READY,
              LinkState.DRAINING,
              LinkState.COMPLETING,
              LinkState.LINGERING,
              LinkState.CLOSED);
      assertThat(subject.violations).isEmpty();
    }
  }

  @Test
  void threeInFlightAreAnsweredEachWithItsOwnSound() {
    try (Subject subject = new Subject(service(), "plain")) {
      List<CompletableFuture<StsOutcome>> results =
          IntStream.range(0, 9).mapToObj(i -> subject.submit()).toList();
      for (int i = 0; i < 9; i++) {
        assertThat(((Dub) Subject.settled(results.get(i))).audio()).isEqualTo(Subject.sound(i));
      }
      await().until(() -> subject.link.status().inFlight() == 0);
      assertThat(subject.violations).isEmpty();
    }
  }

  @Test
  void theFarewellWaitsForWhatIsInFlight() throws Exception {
    try (Subject subject = new Subject(service(), "plain")) {
      List<CompletableFuture<StsOutcome>> results =
          IntStream.range(0, 3).mapToObj(i -> subject.submit()).toList();
      CompletableFuture<Void> end = subject.link.end("source_ended");
      assertThat(Subject.words(results.stream().map(Subject::settled).toList()))
          .containsExactly("dub", "dub", "dub");
      end.get(10, TimeUnit.SECONDS);
      assertThat(subject.states).contains(LinkState.LINGERING).endsWith(LinkState.CLOSED);
    }
  }
}
