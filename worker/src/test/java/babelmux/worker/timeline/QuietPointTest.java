package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuietPointTest {
  private static final SampleRate RATE = new SampleRate(48_000);
  private static final int SECOND = 48_000;
  private static final long SLACK = SECOND * 3L / 4;

  private final QuietPoint quiet = new QuietPoint(RATE, 3_000_000);

  /** Loud, but for pauses of 140 ms that begin at these samples. */
  private void hear(long from, long to, long... pauses) {
    quiet.start(from);
    while (quiet.next() < to) {
      long at = quiet.next();
      boolean pause = false;
      for (long begin : pauses) {
        pause |= at >= begin && at < begin + SECOND * 14 / 100;
      }
      quiet.add(pause ? 1e-6 : 1e-2);
    }
  }

  @Test
  void aPauseNearTheGridIsTaken() {
    hear(0, 7 * SECOND, 5 * SECOND + SECOND / 2);
    long cut = quiet.near(6 * SECOND, SLACK);
    assertThat(cut).isBetween(5L * SECOND + SECOND / 2, 5L * SECOND + SECOND * 64 / 100);
  }

  @Test
  void aPauseBeyondTheSlackIsNot() {
    hear(0, 7 * SECOND, 5 * SECOND);
    long cut = quiet.near(6 * SECOND, SLACK);
    assertThat(cut).isBetween(6 * SECOND - SLACK, 6 * SECOND + SLACK);
    assertThat(cut).as("of equal ones the nearest").isCloseTo(6L * SECOND, within(SECOND / 50L));
  }

  @Test
  void ofTwoPausesTheQuieterIsTakenAndAShortGapIsNone() {
    quiet.start(0);
    while (quiet.next() < 7L * SECOND) {
      double seconds = quiet.next() / (double) SECOND;
      boolean breath = seconds >= 5.4 && seconds < 5.6;
      boolean pause = seconds >= 6.4 && seconds < 6.6;
      boolean closure = seconds >= 6.0 && seconds < 6.04;
      quiet.add(closure ? 0 : pause ? 1e-6 : breath ? 1e-5 : 1e-2);
    }
    assertThat(quiet.near(6 * SECOND, SLACK)).isBetween(6L * SECOND + 19_200, 6L * SECOND + 28_800);
  }

  @Test
  void aRunThatHasJustBegunIsCutOnTheGrid() {
    quiet.start(100 * SECOND);
    assertThat(quiet.near(106 * SECOND, SLACK)).isEqualTo(106L * SECOND);
  }

  @Test
  void theGridStaysWhereverTheCutsAre() {
    List<SegmentGrid.Segment> segments = new ArrayList<>();
    long[] moves = {SLACK, -SLACK, 0, SLACK};
    SegmentGrid grid =
        new SegmentGrid(
            6 * SECOND,
            SECOND,
            (int) SLACK,
            nominal -> nominal + moves[(int) (nominal / (6 * SECOND)) - 1]);
    for (long at = 0; at < 30L * SECOND; at += 1024) {
      segments.addAll(grid.reach(at, Math.min(30L * SECOND, at + 1024)));
    }
    segments.add(grid.close().orElseThrow());
    assertThat(segments).hasSize(5);
    long end = 0;
    for (SegmentGrid.Segment segment : segments) {
      assertThat(segment.startSample()).isEqualTo(end);
      assertThat((long) segment.samples())
          .isBetween(6L * SECOND - 2 * SLACK, 6L * SECOND + 2 * SLACK);
      end = segment.endSample();
    }
    assertThat(end).isEqualTo(30L * SECOND);
    assertThat(segments.stream().map(SegmentGrid.Segment::startSample))
        .containsExactly(
            0L, 6L * SECOND + SLACK, 12L * SECOND - SLACK, 18L * SECOND, 24L * SECOND + SLACK);
  }

  @Test
  void aChoiceBeyondTheSlackIsHeldBack() {
    SegmentGrid grid = new SegmentGrid(6 * SECOND, SECOND, (int) SLACK, nominal -> 0);
    assertThat(grid.reach(0, 7L * SECOND))
        .containsExactly(new SegmentGrid.Segment(0, 0, (int) (6 * SECOND - SLACK)));
  }
}
