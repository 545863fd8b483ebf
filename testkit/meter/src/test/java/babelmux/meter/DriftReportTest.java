package babelmux.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** An hour of marks with one thing wrong each. */
class DriftReportTest {
  private static final int RATE = 48_000;
  private static final int SECONDS = 3600;

  private static long markUs(int second) {
    return 3_500_000 + second * 1_000_000L;
  }

  /** Times rounded to milliseconds, as FLV has them. */
  private static Recording recording(LongUnaryOperator flashUs, LongUnaryOperator beepUs) {
    List<Flash> flashes = new ArrayList<>();
    List<Beep> beeps = new ArrayList<>();
    for (int n = 0; n < SECONDS; n++) {
      int second = n % 30;
      long flash = Math.round(flashUs.applyAsLong(markUs(n)) / 1000.0) * 1000;
      long beep = beepUs.applyAsLong(markUs(n));
      flashes.add(new Flash(flash, 30 * second + 15, second));
      beeps.add(new Beep(beep, Math.round(beep * (RATE / 1e6)), second, 1000 + 50 * second, 0.5));
    }
    Recording.Audio audio = new Recording.Audio("aac", RATE, 2, 0, 0, SECONDS * RATE, List.of(), 0);
    return new Recording("flv", null, audio, flashes, beeps);
  }

  private static Recording source() {
    return recording(us -> us, us -> us);
  }

  @Test
  void nothingWrong() {
    Random random = new Random(1);
    DriftReport course =
        DriftReport.of(source(), recording(us -> us, us -> us + random.nextInt(-20, 20)));

    assertThat(course.points()).hasSize(SECONDS);
    assertThat(course.addedAv().maxUs()).isLessThanOrEqualTo(20);
    assertThat(course.driftMsPerHour()).isCloseTo(0, within(0.01));
    assertThat(course.slipSamples()).isBetween(-1L, 1L);
    assertThat(course.flashesMissing()).isZero();
    assertThat(course.beepsMissing()).isZero();
  }

  @Test
  void tenMillisecondsAnHour() {
    Random random = new Random(1);
    DriftReport course =
        DriftReport.of(
            source(),
            recording(
                us -> us + 7_000,
                us -> us + 7_000 + us * 10 / 3_600_000 + random.nextInt(-500, 500)));

    assertThat(course.driftMsPerHour()).isCloseTo(10, within(0.1));
    assertThat(course.delayDriftMsPerHour()).isCloseTo(0, within(0.01));
    assertThat(course.flashOffsets().medianUs()).isEqualTo(7_000);
    assertThat(course.slipSamples()).isCloseTo(480, within(25L));
  }

  @Test
  void twoMillisecondsEarlyAnHour() {
    DriftReport course =
        DriftReport.of(source(), recording(us -> us, us -> us - us * 2 / 3_600_000));

    assertThat(course.driftMsPerHour()).isCloseTo(-2, within(0.02));
  }

  @Test
  void aDelayThatGrows() {
    LongUnaryOperator growing = us -> us + us * 40 / 3_600_000;
    DriftReport course = DriftReport.of(source(), recording(growing, growing));

    assertThat(course.delayDriftMsPerHour()).isCloseTo(40, within(0.1));
    assertThat(course.driftMsPerHour()).isCloseTo(0, within(0.1));
    assertThat(course.flashOffsets().spreadUs()).isCloseTo(40_000, within(1_000L));
  }

  @Test
  void aStepOfOneSampleInMidHour() {
    DriftReport course =
        DriftReport.of(
            source(),
            recording(us -> us, us -> us + (us > 1_800_000_000 ? Math.round(1e6 / RATE) : 0)));

    assertThat(course.slipSamples()).isEqualTo(1);
  }

  @Test
  void marksThatAreLost() {
    Recording whole = source();
    List<Flash> flashes = new ArrayList<>(whole.flashes());
    flashes.subList(100, 102).clear();
    List<Beep> beeps = new ArrayList<>(whole.beeps());
    beeps.remove(50);
    beeps.subList(0, 10).clear();

    DriftReport course =
        DriftReport.of(whole, new Recording("flv", null, whole.audio(), flashes, beeps));

    assertThat(course.flashesMissing()).isEqualTo(2);
    assertThat(course.beepsMissing()).isEqualTo(1);
    assertThat(course.points()).hasSize(SECONDS - 2 - 11);
    assertThat(course.addedAv().maxUs()).isZero();
  }

  @Test
  void howLongEachFlashTook() {
    Recording whole = source();
    List<Long> sent = new ArrayList<>();
    List<Long> seen = new ArrayList<>();
    for (int n = 0; n < SECONDS; n++) {
      sent.add(n * 1_000_000_000L);
      seen.add(n * 1_000_000_000L + 8_000_000_000L + (n == 7 ? 33_000_000 : 0));
    }

    seen.set(9, LiveCapture.NOT_KNOWN);

    double[] delays =
        DriftReport.delaysMs(new LiveCapture(whole, sent), new LiveCapture(whole, seen));

    assertThat(delays).hasSize(SECONDS - 1);
    assertThat(delays[6]).isEqualTo(8000);
    assertThat(delays[7]).isEqualTo(8033);
  }

  @Test
  void nothingAtAll() {
    Recording empty = new Recording("flv", null, null, List.of(), List.of());
    DriftReport course = DriftReport.of(source(), empty);

    assertThat(course.points()).isEmpty();
    assertThat(course.flashesMissing()).isEqualTo(SECONDS);
    assertThat(course.addedAv().count()).isZero();
  }
}
