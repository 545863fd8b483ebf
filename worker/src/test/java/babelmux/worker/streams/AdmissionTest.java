package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.streams.Admission.Holder;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final Holder OPENING = new Holder("opening", false, false, false, false);
  private static final Holder FAILED = new Holder("failed", false, false, false, true);
  private static final Holder READING = new Holder("reading", true, false, false, false);
  private static final Holder LOST = new Holder("lost", true, false, false, true);
  private static final Holder LEAVING = new Holder("leaving", false, true, false, true);
  private static final Holder LISTED = new Holder("listed", false, false, true, true);

  @Test
  void theOldestOfThoseThatReadNothingGoes() {
    Holder younger = new Holder("younger", false, false, false, false);
    assertThat(Admission.evict(List.of(READING, OPENING, younger), 0, false)).contains("opening");
  }

  @Test
  void oneThatFailedToOpenGoesBeforeAnOlderOneThatIsStillOpening() {
    assertThat(Admission.evict(List.of(OPENING, FAILED), 0, false)).contains("failed");
  }

  @Test
  void whatHasReadOrEndsAnywayOrIsListedStays() {
    List<Holder> holders = List.of(READING, LOST, LEAVING, LISTED);
    assertThat(Admission.evict(holders, 0, false)).isEmpty();
    assertThat(Admission.evict(holders, 0, true)).isEmpty();
  }

  @Test
  void hooksEvictNoMoreWhileManyAreEndingAndAListedSourceIsTaken() {
    assertThat(Admission.evict(List.of(FAILED), Admission.MAX_ENDING - 1, false))
        .contains("failed");
    assertThat(Admission.evict(List.of(FAILED), Admission.MAX_ENDING, false)).isEmpty();
    assertThat(Admission.evict(List.of(FAILED), Admission.MAX_ENDING, true)).contains("failed");
  }

  @Test
  void anEmptyWorkerHasNobodyToEvict() {
    assertThat(Admission.evict(List.of(), 0, false)).isEmpty();
  }
}
