package babelmux.stsecho.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import babelmux.media.AudioClipEncoder;
import babelmux.media.Sound;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToneVoiceTest {
  @ParameterizedTest
  @CsvSource({"0, 400, 48000, 2, 288000", "7, 750, 44100, 1, 264601", "23, 550, 22050, 2, 30000"})
  void theToneHasThePitchOfTheNumberAndTheLengthOfWhatCame(
      int sequence, double hertz, int rate, int channels, int frames) throws Exception {
    Sound sent = Sound.silence(channels, frames, rate);
    Synthesis synthesis = speak(sequence, "m4a", rate, frames, AudioClipEncoder.m4a(sent, 64_000));
    Sound dub = SoundWire.decode(synthesis.audio());
    assertThat(dub.frames()).isBetween(frames - rate / 1000, frames + rate / 1000);
    assertThat(dub.sampleRate()).isEqualTo(rate);
    assertThat(dub.channelCount()).isEqualTo(channels);
    assertThat(crossings(dub.channels()[0]) / 2.0 * rate / frames).isBetween(hertz - 1, hertz + 1);
    assertThat(synthesis.transcript()).contains("(seq=" + sequence + ")");
  }

  @Test
  void rawSamplesAndWavAreUnderstoodToo() throws Exception {
    Sound sent = Sound.silence(2, 12_000, 48_000);
    assertThat(
            SoundWire.decode(
                    speak(0, "pcm_s16le", 48_000, 12_000, AudioClipEncoder.pcmS16le(sent)).audio())
                .frames())
        .isEqualTo(12_000);
    assertThat(
            SoundWire.decode(speak(0, "m4a", 48_000, 12_000, AudioClipEncoder.wav(sent)).audio())
                .frames())
        .isEqualTo(12_000);
  }

  @Test
  void whatIsNoSoundIsRefusedWithAReason() {
    assertThatThrownBy(() -> speak(0, "m4a", 48_000, 288_000, new byte[] {1, 2, 3}))
        .isInstanceOf(VoiceException.class)
        .hasMessageStartingWith("audio: ");
    SynthesisRequest garbage =
        new SynthesisRequest(
            0, "demo", "en", "es", new FragmentAudio("m4a", 48_000, 2, 6000, "%%%"));
    assertThatThrownBy(() -> new ToneVoice().speak(garbage))
        .isInstanceOf(VoiceException.class)
        .hasMessageStartingWith("audio.data_base64: ");
  }

  private static Synthesis speak(int sequence, String format, int rate, int frames, byte[] bytes)
      throws VoiceException {
    FragmentAudio audio =
        new FragmentAudio(
            format,
            rate,
            2,
            (int) Math.round(frames * 1000.0 / rate),
            Base64.getEncoder().encodeToString(bytes));
    return new ToneVoice().speak(new SynthesisRequest(sequence, "demo", "en", "es", audio));
  }

  private static int crossings(float[] samples) {
    int count = 0;
    for (int n = 1; n < samples.length; n++) {
      if (samples[n - 1] < 0 != samples[n] < 0) {
        count++;
      }
    }
    return count;
  }
}
