package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.demo.Scrape;
import babelmux.meter.Beep;
import babelmux.meter.Flash;
import babelmux.meter.LiveCapture;
import babelmux.meter.Recording;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HourResultTest {
  private static final int RATE = 48_000;
  private static final int SECONDS = 600;

  /** Ten minutes as a reader sees them. */
  private static LiveCapture followed(long arrivalMs, double soundMsPerHour) {
    List<Flash> flashes = new ArrayList<>();
    List<Beep> beeps = new ArrayList<>();
    List<Long> arrivals = new ArrayList<>();
    for (int n = 0; n < SECONDS; n++) {
      long us = 3_500_000 + n * 1_000_000L;
      long beepUs = us + Math.round(n * soundMsPerHour / 3.6);
      flashes.add(new Flash(us, 30 * (n % 30) + 15, n % 30));
      beeps.add(new Beep(beepUs, Math.round(beepUs * (RATE / 1e6)), n % 30, 1000, 0.5));
      arrivals.add((n * 1000L + arrivalMs) * 1_000_000);
    }
    Recording.Audio audio =
        new Recording.Audio("aac", RATE, 2, 3_000_000, 603_000_000, SECONDS * RATE, List.of(), 0);
    return new LiveCapture(new Recording("flv", null, audio, flashes, beeps), arrivals);
  }

  private static HourResult result(LiveCapture behind, String metrics) {
    return new HourResult(followed(0, 0), behind, Scrape.of(metrics), 1 << 20, 2 << 20, 4);
  }

  private static Figure figure(HourResult result, String name) {
    return result.figures().stream()
        .filter(figure -> figure.name().startsWith(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCleanHourMeetsEveryGoal() {
    HourResult result = result(followed(14_500, 0), "");

    assertThat(result.figures()).allMatch(Figure::met);
    assertThat(figure(result, "flashes and beeps compared").value()).isEqualTo(SECONDS);
    assertThat(figure(result, "delay of a flash on the clock, p50").value()).isEqualTo(14_500);
    assertThat(figure(result, "worker, resident at the end").value()).isEqualTo(2);
  }

  @Test
  void audioThatDriftsMissesItsGoal() {
    Figure drift = figure(result(followed(14_500, 3), ""), "drift of the audio");

    assertThat(drift.value()).isCloseTo(3, within(0.05));
    assertThat(drift.met()).isFalse();
  }

  @Test
  void aSegmentInTheOriginalMissesItsGoal() {
    HourResult result =
        result(
            followed(14_500, 0),
            "worker_fallback_total{stream_id=\"hour\",reason=\"timeout\"} 1.0\n");

    assertThat(figure(result, "segments that fell back").met()).isFalse();
  }
}
