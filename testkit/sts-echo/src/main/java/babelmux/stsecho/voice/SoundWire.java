package babelmux.stsecho.voice;

import babelmux.media.AudioClipDecoder;
import babelmux.media.AudioClipEncoder;
import babelmux.media.AudioClipHint;
import babelmux.media.MediaException;
import babelmux.media.Sound;
import java.util.Base64;

/** Sound to and from the audio object of a message. */
final class SoundWire {
  private static final int MAX_SECONDS = 60;
  private static final int HIGHEST_RATE = 96_000;
  private static final int BITS_PER_CHANNEL = 64_000;
  private static final int MAX_PADDING = 2 * 1024;

  private SoundWire() {}

  static Sound decode(FragmentAudio audio) throws VoiceException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(audio.dataBase64());
    } catch (IllegalArgumentException e) {
      throw new VoiceException("audio.data_base64: " + e.getMessage(), e);
    }
    AudioClipHint hint =
        new AudioClipHint(
            audio.format(), audio.sampleRateHz(), audio.channels(), MAX_SECONDS * HIGHEST_RATE);
    try {
      return withoutPadding(AudioClipDecoder.decode(bytes, hint), audio.durationMs());
    } catch (MediaException e) {
      throw new VoiceException("audio: " + e.getMessage(), e);
    }
  }

  /**
   * AAC comes in whole frames, and a decoder may give back the surplus of the last one: it goes by
   * the duration that the sender names.
   */
  private static Sound withoutPadding(Sound sound, int durationMs) {
    int named = Math.toIntExact(Math.round(durationMs * (double) sound.sampleRate() / 1000));
    int surplus = sound.frames() - named;
    boolean padded = surplus > sound.sampleRate() / 1000 && surplus <= MAX_PADDING;
    return padded && named > 0 ? sound.slice(0, named) : sound;
  }

  /** M4A whose decoder hears exactly the samples given. */
  static FragmentAudio m4a(Sound sound) throws VoiceException {
    try {
      byte[] bytes = AudioClipEncoder.m4a(sound, BITS_PER_CHANNEL * sound.channelCount());
      return wrap("m4a", sound, bytes);
    } catch (MediaException e) {
      throw new VoiceException("dub: " + e.getMessage(), e);
    }
  }

  static FragmentAudio wrap(String format, Sound sound, byte[] bytes) {
    int durationMs = Math.toIntExact(Math.round(sound.frames() * 1000.0 / sound.sampleRate()));
    return new FragmentAudio(
        format,
        sound.sampleRate(),
        sound.channelCount(),
        durationMs,
        Base64.getEncoder().encodeToString(bytes));
  }
}
