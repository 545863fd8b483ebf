package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is told of the packets that were written. */
class WrittenTimesTest {
  @Test
  void aDeltaIsTheDifferenceOfTwoShifts() {
    AvDelta delta = new AvDelta();
    delta.sound(14_580_000, 1_000_000);
    assertThat(delta.us()).as("no video yet").isEmpty();
    delta.video(14_500_000, 1_000_000);
    assertThat(delta.us()).hasValue(80_000);
    delta.video(14_700_000, 1_040_000);
    assertThat(delta.us()).hasValue(-80_000);
  }

  @Test
  void acrossALeapOfTheSourcesClockThereIsNoDelta() {
    AvDelta delta = new AvDelta();
    delta.sound(10_000_000, 5_000_000);
    delta.video(10_000_000, 3_605_000_000L);
    assertThat(delta.us()).isEmpty();
    delta.sound(10_020_000, 3_605_020_000L);
    assertThat(delta.us()).hasValue(0);
  }

  @Test
  void samplesHaveTheTimesOfTheirPackets() {
    SourceTimes times = new SourceTimes(new SampleRate(48_000));
    times.add(1000, 2024, 700_000);
    times.add(2024, 3048, 721_333);
    times.add(48_000, 49_024, 5_000_000);
    assertThat(times.at(0)).isEqualTo(OptionalLong.empty());
    assertThat(times.at(1000)).hasValue(700_000);
    assertThat(times.at(1480)).hasValue(710_000);
    assertThat(times.at(2024)).hasValue(721_333);
    assertThat(times.at(4000)).as("in a hole").isEmpty();
    assertThat(times.at(48_480)).hasValue(5_010_000);
    assertThat(times.at(50_000)).isEmpty();
  }

  private static long counted(SegmentCount count, long fromMs, long toMs) {
    return LongStream.iterate(fromMs, ms -> ms < toMs, ms -> ms + 40)
        .filter(ms -> count.reach(ms * 1000))
        .count();
  }

  @Test
  void segmentsOfVideoAreCountedAsThoseOfSound() {
    assertThat(counted(new SegmentCount(6_000_000, 1_000_000), 3_000, 33_000)).isEqualTo(5);
    assertThat(counted(new SegmentCount(6_000_000, 1_000_000), 0, 6_900)).isEqualTo(1);
    assertThat(counted(new SegmentCount(6_000_000, 1_000_000), 0, 7_100)).isEqualTo(2);
    SegmentCount withHole = new SegmentCount(6_000_000, 1_000_000);
    assertThat(counted(withHole, 0, 7_500) + counted(withHole, 20_000, 24_000)).isEqualTo(3);
  }
}
