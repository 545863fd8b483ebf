package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentGridTest {
  private final SegmentGrid grid = new SegmentGrid(288_000, 48_000);

  @Test
  void thirtySecondsAreFiveSegmentsWithoutAGap() {
    List<Segment> segments = new ArrayList<>();
    long start = 1234;
    for (long at = start; at < start + 30 * 48_000; at += 1024) {
      segments.addAll(grid.reach(at, Math.min(at + 1024, start + 30 * 48_000)));
    }
    assertThat(grid.close()).isEmpty();
    assertThat(segments).hasSize(5);
    for (int i = 0; i < 5; i++) {
      assertThat(segments.get(i)).isEqualTo(new Segment(i, start + i * 288_000L, 288_000));
    }
  }

  @Test
  void aRestOfASecondIsASegmentAndAShorterOneIsNot() {
    grid.reach(0, 48_000);
    assertThat(grid.close()).contains(new Segment(0, 0, 48_000));
    grid.reach(100_000, 147_999);
    assertThat(grid.close()).isEmpty();
    grid.reach(500_000, 788_000 + 60_000);
    assertThat(grid.close()).contains(new Segment(2, 788_000, 60_000));
  }

  @Test
  void nothingReadIsNoSegment() {
    assertThat(grid.close()).isEmpty();
  }
}
