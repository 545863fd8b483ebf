package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PerformanceResultTest {
  private static final long MIB = 1 << 20;

  private static Figure figure(PerformanceResult result, String name) {
    return result.figures().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static PerformanceResult result() {
    PerformanceResult result = new PerformanceResult(1.0);
    result.add(new PerformanceResult.Window(true, 10, 0.030, 300 * MIB, 0.5, 0.46));
    result.add(new PerformanceResult.Window(false, 10, 0.038, 310 * MIB, 0.2, 0.36));
    result.add(new PerformanceResult.Window(false, 10, 0.042, 312 * MIB, 0.2, 0.36));
    result.add(new PerformanceResult.Window(true, 10, 0.034, 302 * MIB, 0.7, 0.46));
    result.add(new PerformanceResult.Window(true, 1, 0.05, 150 * MIB, 0.1, 0.10));
    result.add(new PerformanceResult.Window(false, 1, 0.04, 31 * MIB, 0.1, 0.09));
    return result;
  }

  @Test
  void meansAndSpreadsAreThoseOfTheWindowsOfEachNumberOfStreams() {
    PerformanceResult result = result();
    assertThat(figure(result, "10 streams: worker, CPU per stream").value())
        .isCloseTo(3.2, within(1e-9));
    assertThat(figure(result, "10 streams: worker, ±").value()).isCloseTo(0.2, within(1e-9));
    assertThat(figure(result, "10 streams: ffmpeg, CPU per stream").value())
        .isCloseTo(4.0, within(1e-9));
    assertThat(figure(result, "10 streams: worker, resident").value()).isEqualTo(301);
    assertThat(figure(result, "10 streams: publishers and STS, not counted").value())
        .isCloseTo(60, within(1e-9));
  }

  @Test
  void theGoalIsOfTheRatioAtEachNumberOfStreams() {
    Figure ten = figure(result(), "10 streams: worker : ffmpeg");
    assertThat(ten.value()).isCloseTo(0.8, within(1e-9));
    assertThat(ten.met()).isTrue();
    Figure one = figure(result(), "1 stream: worker : ffmpeg");
    assertThat(one.value()).isCloseTo(1.25, within(1e-9));
    assertThat(one.met()).isFalse();
    assertThat(result().figures().stream().filter(each -> !each.met()).toList())
        .isEqualTo(List.of(one));
  }

  @Test
  void theLargestNumberIsWhereTheCostlierOneUsesItsShare() {
    // 6 % and 4 % for each stream of the worker, 3 % of ffmpeg.
    assertThat(result().largestUnder(0.8)).isEqualTo(18);
  }

  @Test
  void aNumberOfStreamsMayHaveAGoalOfItsOwn() {
    PerformanceResult result = result();
    result.goal(10, 0.7);
    assertThat(figure(result, "10 streams: worker : ffmpeg").met()).isFalse();
  }
}
