package babelmux.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TonesTest {
  private static final int RATE = 48_000;

  @TempDir private Path folder;

  private static float[] sine(double hz, double level, int length) {
    float[] sound = new float[length];
    for (int i = 0; i < length; i++) {
      sound[i] = (float) (level * Math.sin(2 * Math.PI * hz * i / RATE));
    }
    return sound;
  }

  private static float[] joined(float[]... parts) {
    float[] all = new float[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(doubles = {220, 440, 1000, 1234.5, 7000})
  void dominantTone(double hz) {
    Tones tones = Tones.of(Sound.of(RATE, sine(hz, 0.25, RATE)));

    Tones.Tone tone = tones.dominant(0, RATE);

    assertThat(tone.frequencyHz()).isCloseTo(hz, within(0.02));
    assertThat(tone.level()).isCloseTo(0.25, within(0.001));
  }

  @Test
  void toneOfEachSlotThroughAac() throws Exception {
    Path slots =
        Media.made(
            folder.resolve("slots.m4a"),
            "-f lavfi -i sine=f=500:r=48000:d=6 -f lavfi -i sine=f=600:r=48000:d=6 -f lavfi -i"
                + " sine=f=700:r=48000:d=6 -filter_complex [0][1][2]concat=n=3:v=0:a=1,volume=4 -ac 2"
                + " -c:a aac");
    Sound sound = Sound.read(slots);
    Tones tones = Tones.of(sound);

    assertThat(sound.length()).isEqualTo(18 * RATE);
    for (int slot = 0; slot < 3; slot++) {
      int from = slot * 6 * RATE;
      Tones.Tone tone = tones.dominant(from, from + 6 * RATE);
      assertThat(tone.frequencyHz()).isCloseTo(500 + 100 * slot, within(0.1));
      Tones.Span span = tones.span(500 + 100 * slot, 0, sound.length());
      assertThat(span.from()).isCloseTo(from, within(RATE / 1000));
      assertThat(span.to()).isCloseTo(from + 6 * RATE, within(RATE / 1000));
    }
  }

  @Test
  void spanFindsEdgesToAFewSamples() {
    float[] sound = joined(new float[30_000], sine(440, 0.5, 50_001), new float[20_000]);

    Tones.Span span = Tones.of(Sound.of(RATE, sound)).span(440, 0, sound.length);

    assertThat(span.from()).isCloseTo(30_000, within(5));
    assertThat(span.to()).isCloseTo(80_001, within(5));
  }

  @Test
  void spanStopsAtABreak() {
    float[] sound = sine(1000, 0.5, 5 * RATE);
    Arrays.fill(sound, 2 * RATE, 2 * RATE + 1024, 0);

    Tones.Span span = Tones.of(Sound.of(RATE, sound)).span(1000, 0, sound.length);

    assertThat(span.from()).isCloseTo(2 * RATE + 1024, within(5));
    assertThat(span.to()).isEqualTo(5 * RATE);
  }

  @Test
  void spanOfAnAbsentToneIsEmpty() {
    Tones.Span span = Tones.of(Sound.of(RATE, new float[RATE])).span(1000, 0, RATE);

    assertThat(span.to() - span.from()).isZero();
  }

  @Test
  void aCleanToneIsClean() {
    Tones.Purity purity =
        Tones.of(Sound.of(RATE, sine(1000, 0.5, 10 * RATE))).purity(1000, 0, 10 * RATE);

    assertThat(purity.thdPlusNoiseDb()).isLessThan(-100);
    assertThat(purity.slipSamples()).isCloseTo(0, within(0.001));
    assertThat(purity.largestStep()).isCloseTo(1, within(0.005));
  }

  @Test
  void aCleanToneThroughAacPasses() throws Exception {
    Path tone =
        Media.made(
            folder.resolve("tone.m4a"),
            "-f lavfi -i sine=f=1000:r=48000:d=12,volume=4 -ac 2 -c:a aac -b:a 128k");

    Tones.Purity purity = Tones.of(Sound.read(tone)).purity(1000, RATE, 11 * RATE);

    assertThat(purity.thdPlusNoiseDb()).isLessThan(-50);
    assertThat(purity.largestStep()).isLessThan(1.05);
  }

  @Test
  void oneMissingSampleIsFound() {
    float[] whole = sine(1000, 0.5, 10 * RATE);
    float[] sound =
        joined(
            Arrays.copyOfRange(whole, 0, 5 * RATE),
            Arrays.copyOfRange(whole, 5 * RATE + 1, whole.length));

    Tones.Purity purity = Tones.of(Sound.of(RATE, sound)).purity(1000, 0, sound.length);

    assertThat(purity.slipSamples()).isCloseTo(1, within(0.01));
    assertThat(purity.thdPlusNoiseDb()).isGreaterThan(-30);
  }

  @Test
  void oneExtraSampleIsFound() {
    float[] whole = sine(1000, 0.5, 10 * RATE);
    float[] sound =
        joined(
            Arrays.copyOfRange(whole, 0, 5 * RATE + 1),
            Arrays.copyOfRange(whole, 5 * RATE, whole.length));

    Tones.Purity purity = Tones.of(Sound.of(RATE, sound)).purity(1000, 0, sound.length);

    assertThat(purity.slipSamples()).isCloseTo(-1, within(0.01));
  }

  @Test
  void aClickIsFound() {
    float[] sound = sine(1000, 0.5, 10 * RATE);
    sound[123_456] += 0.1f;

    Tones.Purity purity = Tones.of(Sound.of(RATE, sound)).purity(1000, 0, sound.length);

    assertThat(purity.largestStep()).isGreaterThan(1.5);
    assertThat(purity.largestStepAt()).isBetween(123_456, 123_457);
  }

  @Test
  void channelsAreLookedAtOneByOne() {
    Sound sound = Sound.of(RATE, sine(500, 0.5, RATE), sine(900, 0.5, RATE));

    assertThat(Tones.of(sound, 0).dominant(0, RATE).frequencyHz()).isCloseTo(500, within(0.1));
    assertThat(Tones.of(sound, 1).dominant(0, RATE).frequencyHz()).isCloseTo(900, within(0.1));
  }

  @Test
  void aRangeOutsideOfTheSoundIsRefused() {
    Tones tones = Tones.of(Sound.of(RATE, new float[RATE]));

    assertThatThrownBy(() -> tones.dominant(0, RATE + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0..48001")
        .hasMessageContaining("0..48000");
  }
}
