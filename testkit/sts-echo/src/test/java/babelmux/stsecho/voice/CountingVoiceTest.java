package babelmux.stsecho.voice;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.AudioClipDecoder;
import babelmux.media.AudioClipEncoder;
import babelmux.media.AudioClipHint;
import babelmux.media.Sound;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Cuts the fixture's sound into fragments, lets the voice answer each, puts the answers together
 * and compares with what they must be by fixtures/README.md.
 */
@Tag("slow")
class CountingVoiceTest {
  private static final Path FIXTURES = Path.of("..", "..", "fixtures");
  private static final double SEGMENT_SECONDS = 6;

  /** Cuts through nothing, a beep, the gap after it, a word; 48 kHz stereo and 44.1 kHz. */
  @ParameterizedTest
  @CsvSource({
    "30s-counting-english.mp4, 0",
    "30s-counting-english.mp4, 2.0",
    "30s-counting-english.mp4, 2.503",
    "30s-counting-english.mp4, 2.55",
    "30s-counting-english.mp4, 2.598",
    "30s-counting-english.mp4, 2.61",
    "30s-counting-english.mp4, 2.9",
    "30s-counting-english.mp4, 3.2",
    "30s-44100-no-bframes.mp4, 0",
    "30s-44100-no-bframes.mp4, 2.551",
  })
  void beepsComeBackAtTheirSampleAndWordsAtTheirPlace(String file, double startSeconds)
      throws Exception {
    Sound whole = fixture(file);
    int rate = whole.sampleRate();
    int first = (int) Math.round(startSeconds * rate);
    Sound sent = whole.slice(first, whole.frames());
    float[] dub = dub(sent, (int) (SEGMENT_SECONDS * rate));
    assertThat(dub).hasSize(sent.frames());
    for (int number = 0; number < 30; number++) {
      int beep = (int) Math.round((number + 0.5) * rate) - first;
      assertInPlace("beep " + number, beepOf(number, rate), beep, dub);
      int word = (int) Math.round((number + 0.62) * rate) - first;
      assertInPlace("word " + number, SpanishWords.shared().samples(number, rate), word, dub);
      assertQuiet(number, rate, first, dub);
    }
  }

  @Test
  void aShortRestWithOneCutBeepGoesOnFromTheFragmentBefore() throws Exception {
    Sound whole = fixture("30s-counting-english.mp4");
    int rate = 48_000;
    // 1.0 s that begins within a beep and ends within the next one.
    Sound sent = whole.slice((int) Math.round(4.55 * rate), (int) Math.round(11.55 * rate));
    float[] dub = dub(sent, 6 * rate);
    int first = (int) Math.round(4.55 * rate);
    assertInPlace("beep 10", beepOf(10, rate), (int) Math.round(10.5 * rate) - first, dub);
    assertInPlace(
        "word 10",
        SpanishWords.shared().samples(10, rate),
        (int) Math.round(10.62 * rate) - first,
        dub);
    assertInPlace("beep 11", beepOf(11, rate), (int) Math.round(11.5 * rate) - first, dub);
  }

  @Test
  void numbersAreWrittenInBothLanguages() throws Exception {
    Sound sent = fixture("30s-counting-english.mp4").slice(0, 6 * 48_000);
    Synthesis synthesis = new CountingVoice().speak(synthesisRequest(0, sent));
    assertThat(synthesis.transcript()).isEqualTo("[ECHO] 0 1 2 3 4 5 (seq=0)");
    assertThat(synthesis.translation()).isEqualTo("[ECHO] cero uno dos tres cuatro cinco (seq=0)");
    assertThat(synthesis.audio().durationMs()).isEqualTo(6000);
  }

  @Test
  void soundWithoutMarksIsAnsweredWithSilenceOfItsLength() throws Exception {
    Sound sent = Sound.silence(2, 96_000, 48_000);
    Sound dub = SoundWire.decode(new CountingVoice().speak(synthesisRequest(0, sent)).audio());
    assertThat(dub.frames()).isEqualTo(96_000);
    assertThat(dub.channelCount()).isEqualTo(2);
    for (float sample : dub.channels()[0]) {
      assertThat(Math.abs(sample)).isLessThan(0.001f);
    }
  }

  private static Sound fixture(String file) throws Exception {
    byte[] bytes = Files.readAllBytes(FIXTURES.resolve(file));
    Sound whole =
        AudioClipDecoder.decode(bytes, new AudioClipHint("mp4", 48_000, 2, Integer.MAX_VALUE));
    return whole.slice(0, 30 * whole.sampleRate());
  }

  private static SynthesisRequest synthesisRequest(int sequence, Sound sound) throws Exception {
    byte[] m4a = AudioClipEncoder.m4a(sound, 128_000);
    String base64 = Base64.getEncoder().encodeToString(m4a);
    return new SynthesisRequest(
        sequence,
        "demo",
        "en",
        "es",
        new FragmentAudio(
            "m4a",
            sound.sampleRate(),
            sound.channelCount(),
            (int) Math.round(sound.frames() * 1000.0 / sound.sampleRate()),
            base64));
  }

  private static float[] dub(Sound sent, int segment) throws Exception {
    Voice voice = new CountingVoice();
    List<Sound> dubs = new ArrayList<>();
    for (int at = 0; at < sent.frames(); at += segment) {
      Sound piece = sent.slice(at, Math.min(sent.frames(), at + segment));
      Sound dub = SoundWire.decode(voice.speak(synthesisRequest(dubs.size(), piece)).audio());
      assertThat(dub.frames()).isEqualTo(piece.frames());
      assertThat(dub.sampleRate()).isEqualTo(piece.sampleRate());
      assertThat(dub.channelCount()).isEqualTo(piece.channelCount());
      dubs.add(dub);
    }
    float[] joined = new float[sent.frames()];
    int at = 0;
    for (Sound dub : dubs) {
      System.arraycopy(dub.channels()[1], 0, joined, at, dub.frames());
      at += dub.frames();
    }
    return joined;
  }

  private static float[] beepOf(int number, int rate) {
    float[] beep = new float[(int) Math.round(0.1 * rate)];
    for (int n = 0; n < beep.length; n++) {
      double ms = Math.min(n, beep.length - n) * 1000.0 / rate;
      double gain = ms >= 3 ? 0.5 : 0.5 * (1 - Math.cos(Math.PI * ms / 3)) / 2;
      beep[n] = (float) (gain * Math.sin(2 * Math.PI * (1000 + 50 * number) * n / rate));
    }
    return beep;
  }

  /** The part of the mark that lies within fits best at lag 0, at full level, with little else. */
  private static void assertInPlace(String what, float[] mark, int start, float[] sound) {
    int from = Math.max(40, start);
    int to = Math.min(sound.length - 40, start + mark.length);
    if (to - from < 500) {
      return;
    }
    int bestLag = 0;
    double best = Double.NEGATIVE_INFINITY;
    for (int lag = -30; lag <= 30; lag++) {
      double fit = product(mark, start, from, to, sound, lag);
      if (fit > best) {
        best = fit;
        bestLag = lag;
      }
    }
    assertThat(bestLag).as("%s: samples away from its place", what).isZero();
    double markEnergy = 0;
    double rest = 0;
    for (int n = from; n < to; n++) {
      double wanted = mark[n - start];
      markEnergy += wanted * wanted;
      rest += (sound[n] - wanted) * (sound[n] - wanted);
    }
    assertThat(10 * Math.log10(rest / markEnergy)).as("%s: error in dB", what).isLessThan(-12);
  }

  private static double product(float[] mark, int start, int from, int to, float[] sound, int lag) {
    double sum = 0;
    for (int n = from; n < to; n++) {
      sum += mark[n - start] * (double) sound[n + lag];
    }
    return sum;
  }

  /** Nothing of the English is left: before each beep there is silence. */
  private static void assertQuiet(int number, int rate, int first, float[] sound) {
    int from = Math.max(0, (int) ((number + 0.40) * rate) - first);
    int to = (int) ((number + 0.48) * rate) - first;
    double energy = 0;
    for (int n = from; n < to; n++) {
      energy += sound[n] * (double) sound[n];
    }
    if (to > from) {
      assertThat(Math.sqrt(energy / (to - from))).as("before beep %d", number).isLessThan(0.01);
    }
  }
}
