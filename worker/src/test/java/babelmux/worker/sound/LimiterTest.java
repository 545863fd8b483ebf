package babelmux.worker.sound;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Sound;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimiterTest {
  private static Sound limited(Sound sound, float mixed) {
    return limited(sound, new Limiter(sound.sampleRate(), sound.channelCount()), mixed);
  }

  private static Sound limited(Sound sound, Limiter limiter, float mixed) {
    float[][] out = new float[sound.channelCount()][sound.frames()];
    int written = 0;
    for (int at = 0; at < sound.frames(); at += 1024) {
      int frames = Math.min(1024, sound.frames() - at);
      float[] weights = new float[frames];
      Arrays.fill(weights, mixed);
      written = keep(limiter.next(sound.slice(at, at + frames).channels(), weights), out, written);
    }
    assertThat(keep(limiter.rest(), out, written)).isEqualTo(sound.frames());
    assertThat(limiter.rest()).isNull();
    return new Sound(out, sound.sampleRate());
  }

  private static int keep(float @Nullable [][] frame, float[][] out, int at) {
    if (frame == null) {
      return at;
    }
    for (int c = 0; c < out.length; c++) {
      System.arraycopy(frame[c], 0, out[c], at, frame[c].length);
    }
    return at + frame[0].length;
  }

  /** Without the first 10 ms, in which a dub fades in: nobody can look ahead of the beginning. */
  private static float peak(Sound sound) {
    float peak = 0;
    for (float[] channel : sound.channels()) {
      for (int n = sound.sampleRate() / 100; n < channel.length - TruePeak.REACH - 1; n++) {
        peak = Math.max(peak, TruePeak.at(channel, n));
      }
    }
    return peak;
  }

  @ParameterizedTest
  @CsvSource({"48000,2", "44100,1", "22050,6"})
  void mixedSoundStaysUnderMinusOneDecibelTruePeak(int rate, int channels) {
    Random random = new Random(5);
    float[][] samples = new float[channels][3 * rate];
    for (float[] channel : samples) {
      for (int n = 0; n < channel.length; n++) {
        boolean burst = n / (rate / 7) % 3 == 0;
        channel[n] =
            (float) ((burst ? 1.6 : 0.3) * Math.sin(n * 0.3) + 0.1 * random.nextGaussian());
      }
    }
    Sound loud = new Sound(samples, rate);
    assertThat(peak(loud)).isGreaterThan(1.5f);
    Sound out = limited(loud, 1f);
    assertThat(peak(out)).as("-1 dBTP and a hair").isLessThan(Limiter.CEILING * 1.003f);
  }

  @Test
  void aPeakBetweenTheSamplesCounts() {
    // A quarter of the rate, sampled at 45 degrees: the peaks are 3 dB above the samples.
    float[][] samples = new float[1][48_000];
    for (int n = 0; n < samples[0].length; n++) {
      samples[0][n] = (float) (1.2 * Math.sin(Math.PI / 2 * n + Math.PI / 4));
    }
    assertThat(Math.abs(samples[0][0])).isLessThan(0.86f);
    Sound out = limited(new Sound(samples, 48_000), 1f);
    assertThat(peak(out)).isLessThan(Limiter.CEILING * 1.003f);
    assertThat(peak(out)).as("and it is not made lower than it must be").isGreaterThan(0.88f);
  }

  @Test
  void whatIsQuietOrNotMixedPassesBitByBit() {
    Sound quiet = Tones.tone(48_000, 48_000, 2, 1.7f);
    assertThat(limited(quiet, 1f).channels()).isDeepEqualTo(quiet.channels());
    Sound loud = Tones.tone(48_000, 48_000, 2, 3f);
    assertThat(limited(loud, 0f).channels()).isDeepEqualTo(loud.channels());
  }

  @Test
  void theGainGlidesDownBeforeAPeakAndUpAfterIt() {
    Sound sound = Tones.tone(96_000, 48_000, 1, 1f);
    sound.channels()[0][48_012] = 1.4f;
    float[] before = sound.channels()[0].clone();
    Limiter limiter = new Limiter(48_000, 1);
    Sound out = limited(sound, limiter, 1f);
    assertThat(Math.abs(out.channels()[0][48_012])).isLessThan(Limiter.CEILING * 1.003f);
    for (int n = 0; n < 48_012 - 300; n++) {
      assertThat(out.channels()[0][n]).isEqualTo(before[n]);
    }
    float last = 1f;
    for (int n = 47_700; n < 90_000; n++) {
      if (Math.abs(before[n]) > 0.1f) {
        float gain = out.channels()[0][n] / before[n];
        assertThat(Math.abs(gain - last)).as("sample %d", n).isLessThan(0.02f);
        last = gain;
      }
    }
    assertThat(last).isGreaterThan(0.999f);
    assertThat(limiter.limitedSamples()).isBetween(4_000L, 60_000L);
  }
}
