package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AudioRoundTripTest {
  private static final AudioClipHint HINT = new AudioClipHint("m4a", 48_000, 2, 10_000_000);

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "48000,2,288000",
    "44100,2,264600",
    "22050,1,132300",
    "48000,1,50001",
    "48000,6,96000"
  })
  void anM4aGivesBackExactlyTheSamplesThatWentIn(int rate, int channels, int frames)
      throws Exception {
    Sound tone = Tone.of(1000, frames, rate, channels);
    byte[] m4a = AudioClipEncoder.m4a(tone, 96_000 * channels);
    Sound back = AudioClipDecoder.decode(m4a, HINT);
    assertThat(AudioContainer.sniff(m4a)).isEqualTo(AudioContainer.MP4);
    assertThat(back.sampleRate()).isEqualTo(rate);
    assertThat(back.channelCount()).isEqualTo(channels);
    assertThat(back.frames()).isEqualTo(frames);
    // One sample off would be -27 dB.
    assertThat(Tone.differenceDb(tone, back, 2048)).isLessThan(-40);
  }

  @Test
  void whatAdtsBeginsWithIsDropped() throws Exception {
    Sound tone = Tone.of(1000, 96_000, 48_000, 2);
    Sound back = AudioClipDecoder.decode(AudioClipEncoder.adts(tone, 128_000), HINT);
    assertThat(back.frames()).isBetween(96_000, 96_000 + AacEncoder.FRAME_SAMPLES);
    assertThat(Tone.differenceDb(tone, back, 2048)).isLessThan(-50);
  }

  /** What the STS sends back has often been through this codec twice already. */
  @Test
  void twoGenerationsOfAToneStayAtFiftyDecibels() throws Exception {
    Sound tone = Tone.of(1000, 96_000, 48_000, 2);
    Sound once = AudioClipDecoder.decode(AudioClipEncoder.m4a(tone, 128_000), HINT);
    Sound twice =
        AudioClipDecoder.decode(AudioClipEncoder.m4a(once.slice(0, 96_000), 128_000), HINT);
    assertThat(Tone.differenceDb(tone, twice, 2048)).isLessThan(-50);
  }

  @Test
  void wavAndRawSamplesAreExact() throws Exception {
    Sound tone = Tone.of(440, 16_000, 16_000, 1);
    Sound wav = AudioClipDecoder.decode(AudioClipEncoder.wav(tone), HINT);
    Sound raw =
        AudioClipDecoder.decode(
            AudioClipEncoder.pcmS16le(tone), new AudioClipHint("pcm_s16le", 16_000, 1, 10_000_000));
    assertThat(wav.frames()).isEqualTo(16_000);
    assertThat(Tone.differenceDb(tone, wav, 0)).isLessThan(-90);
    assertThat(raw.channels()[0]).isEqualTo(wav.channels()[0]);
  }

  @Test
  void decodingStopsAtTheMostThatIsOfUse() throws Exception {
    byte[] wav = AudioClipEncoder.wav(Tone.of(440, 96_000, 48_000, 1));
    assertThat(AudioClipDecoder.decode(wav, new AudioClipHint("wav", 48_000, 1, 5000)).frames())
        .isEqualTo(5000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 100, 5000})
  void rubbishIsRefusedWithAReason(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    assertThatThrownBy(() -> AudioClipDecoder.decode(bytes, HINT))
        .isInstanceOf(MediaException.class)
        .extracting(e -> ((MediaException) e).kind())
        .isEqualTo(MediaException.Kind.INVALID);
  }

  @Test
  void truncatedAndFlippedM4aNeverCrashes() throws Exception {
    byte[] m4a = AudioClipEncoder.m4a(Tone.of(1000, 48_000, 48_000, 2), 128_000);
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] broken = Arrays.copyOf(m4a, 8 + random.nextInt(m4a.length - 8));
      for (int k = 0; k < random.nextInt(20); k++) {
        broken[8 + random.nextInt(broken.length - 8)] = (byte) random.nextInt();
      }
      try {
        AudioClipDecoder.decode(broken, HINT);
      } catch (MediaException e) {
        assertThat(e.kind()).isEqualTo(MediaException.Kind.INVALID);
      }
    }
  }

  @Test
  void samplesThatAreNoNumbersAreRefused() {
    byte[] nan = new byte[4000];
    for (int i = 3; i < nan.length; i += 4) {
      nan[i] = 0x7f;
      nan[i - 1] = (byte) 0xc0;
    }
    assertThatThrownBy(
            () -> AudioClipDecoder.decode(nan, new AudioClipHint("pcm_f32le", 48_000, 1, 1000)))
        .hasMessageContaining("NaN samples");
  }

  @Test
  void aFileThatWouldLastForDaysIsRefused() {
    byte[] wav = AudioClipEncoder.wav(new Sound(new float[1][100_000], 1));
    assertThatThrownBy(
            () -> AudioClipDecoder.decode(wav, new AudioClipHint("wav", 1, 1, 1_000_000)))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("1 samples a second, expected 4000 to 384000");
  }

  @Test
  void convertingKeepsTheLengthAndThePitch() throws Exception {
    Sound tone = Tone.of(1000, 16_000, 16_000, 1);
    Sound converted = SampleConverter.convert(tone, 48_000, 2);
    assertThat(converted.frames()).isEqualTo(48_000);
    assertThat(Tone.differenceDb(Tone.of(1000, 48_000, 48_000, 2), converted, 1000))
        .isBetween(-200.0, -15.0);
  }
}
