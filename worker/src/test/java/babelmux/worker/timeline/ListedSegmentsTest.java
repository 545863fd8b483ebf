package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListedSegmentsTest {
  private static final Segment THIRD = new Segment(3, 1000, 600);
  private static final Segment FIFTH = new Segment(5, 2000, 600);
  private final ListedSegments cuts = new ListedSegments(List.of(THIRD, FIFTH), 100);

  @Test
  void onlyWhatIsListedIsCutAndKeepsItsNumber() {
    assertThat(cuts.currentStart()).isEqualTo(1000);
    assertThat(cuts.reach(0, 1599)).isEmpty();
    assertThat(cuts.reach(1599, 1600)).containsExactly(THIRD);
    assertThat(cuts.currentStart()).isEqualTo(2000);
    assertThat(cuts.close()).isEmpty();
    assertThat(cuts.reach(1600, 5000)).containsExactly(FIFTH);
    assertThat(cuts.currentStart()).isEqualTo(Long.MAX_VALUE);
    assertThat(cuts.close()).isEmpty();
  }

  @Test
  void whatTheAudioLacksIsNotCut() {
    assertThat(cuts.reach(0, 1200)).isEmpty();
    assertThat(cuts.close()).contains(new Segment(3, 1000, 200));
    assertThat(cuts.reach(2550, 5000)).as("50 samples of it are there").isEmpty();
    assertThat(cuts.currentStart()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aSegmentBeginsWithItsAudio() {
    assertThat(cuts.reach(1100, 1700)).containsExactly(new Segment(3, 1100, 500));
  }
}
