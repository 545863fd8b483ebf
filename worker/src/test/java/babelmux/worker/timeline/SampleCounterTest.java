package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleCounterTest {
  @ParameterizedTest
  @CsvSource({"44100,1024", "48000,1024", "22050,1024", "48000,960", "44100,2048"})
  void millisecondsNeverCauseAFalseCorrectionInADay(int hz, int frames) {
    SampleRate rate = new SampleRate(hz);
    SampleCounter counter = new SampleCounter(rate);
    long packets = 24L * 3600 * hz / frames;
    long start = rate.samplesAt(3_234_000);
    for (long i = 0; i < packets; i++) {
      long roundedUs = Math.round(rate.microsAt(start + i * frames) / 1000.0) * 1000;
      SampleCounter.Place place = counter.place(roundedUs, frames);
      if (place.correction() != 0 || place.startSample() != start + i * frames) {
        assertThat(place)
            .as("packet " + i)
            .isEqualTo(new SampleCounter.Place(start + i * frames, 0));
      }
    }
  }

  @Test
  void aHoleIsCountedAndAnOverlapToo() {
    SampleCounter counter = new SampleCounter(new SampleRate(48_000));
    assertThat(counter.place(0, 1024)).isEqualTo(new SampleCounter.Place(0, 0));
    assertThat(counter.place(21_333 + 100_000, 1024))
        .isEqualTo(new SampleCounter.Place(5824, 4800));
    assertThat(counter.place(121_333, 1024)).isEqualTo(new SampleCounter.Place(5824, -1024));
    assertThat(counter.place(142_667, 1024)).isEqualTo(new SampleCounter.Place(6848, 0));
  }

  @Test
  void aNewRunBeginsAtItsOwnTime() {
    SampleCounter counter = new SampleCounter(new SampleRate(48_000));
    counter.place(0, 1024);
    counter.restart();
    assertThat(counter.place(10_000_000, 1024)).isEqualTo(new SampleCounter.Place(480_000, 0));
  }
}
