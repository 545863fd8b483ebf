package babelmux.stsecho.voice;

import babelmux.media.AudioClipEncoder;
import babelmux.media.MediaException;
import babelmux.media.SampleConverter;
import babelmux.media.Sound;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/** The forms in which a dub may come, honest and not. */
public enum AudioMode {
  /** As the voice made it. */
  SAME,
  /** A real M4A. */
  M4A,
  /** Raw 16-bit samples. */
  PCM_S16LE,
  /** Raw 32-bit floats. */
  PCM_F32LE,
  /** WAV. */
  WAV,
  /** ADTS that calls itself m4a. */
  ADTS_AS_M4A,
  /** M4A of silence, of the right length. */
  SILENT,
  /** M4A of the same tone each time, of the right length. */
  REPEATED,
  /** M4A of half the length, honestly labelled. */
  HALF,
  /** M4A of three times the length, honestly labelled. */
  TRIPLE,
  /** The right sound, duration 0 on the label. */
  ZERO_DURATION,
  /** M4A at another rate: 22.05 kHz, or 48 kHz when that is what came. */
  OTHER_RATE,
  /** M4A with the other number of channels, 1 or 2. */
  OTHER_CHANNELS,
  /** The right sound, labelled pcm_f32le, 8 kHz, mono. */
  FALSE_LABELS,
  /** The base64 text in place of the audio object. */
  TEXT,
  /** An audio object without sound. */
  EMPTY,
  /** Invalid base64. */
  GARBAGE,
  /** A real M4A with its second half overwritten. */
  CORRUPT,
  /** Raw floats that are NaN. */
  NAN,
  /** JSON null. */
  MISSING,
  /** Nothing but letters, as many as asked for. */
  OVERSIZE;

  private static final int BIT_RATE = 128_000;

  /** The name in a script. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException for an unknown name
   */
  public static AudioMode of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /**
   * The audio field of the answer in this form. Decodes and encodes: not for event loops.
   *
   * @param bytes length of the text of OVERSIZE; not used by the others
   */
  public JsonNode dress(FragmentAudio audio, int bytes) throws VoiceException {
    try {
      return switch (this) {
        case SAME -> json(audio);
        case ZERO_DURATION -> json(audio, audio.format(), 0, audio.dataBase64());
        case TEXT -> TextNode.valueOf(audio.dataBase64());
        case EMPTY -> json(audio, audio.format(), audio.durationMs(), "");
        case GARBAGE -> json(audio, audio.format(), audio.durationMs(), "?no base64!");
        case MISSING -> NullNode.getInstance();
        case OVERSIZE -> json(audio, audio.format(), audio.durationMs(), "A".repeat(bytes));
        case FALSE_LABELS ->
            json(new FragmentAudio("pcm_f32le", 8000, 1, audio.durationMs(), audio.dataBase64()));
        default -> json(remade(SoundWire.decode(audio)));
      };
    } catch (MediaException e) {
      throw new VoiceException("audio mode %s: %s".formatted(label(), e.getMessage()), e);
    }
  }

  private FragmentAudio remade(Sound sound) throws MediaException {
    return switch (this) {
      case PCM_S16LE -> wrap("pcm_s16le", sound, AudioClipEncoder.pcmS16le(sound));
      case PCM_F32LE -> wrap("pcm_f32le", sound, floats(sound));
      case NAN -> wrap("pcm_f32le", sound, floats(notNumbers(sound)));
      case WAV -> wrap("wav", sound, AudioClipEncoder.wav(sound));
      case ADTS_AS_M4A -> wrap("m4a", sound, AudioClipEncoder.adts(sound, BIT_RATE));
      case CORRUPT -> wrap("m4a", sound, corrupt(AudioClipEncoder.m4a(sound, BIT_RATE)));
      case SILENT -> m4a(Sound.silence(sound.channelCount(), sound.frames(), sound.sampleRate()));
      case REPEATED -> m4a(ToneVoice.sound(0, sound));
      case HALF -> m4a(sound.slice(0, Math.max(1, sound.frames() / 2)));
      case TRIPLE -> m4a(tripled(sound));
      case OTHER_RATE ->
          m4a(
              SampleConverter.convert(
                  sound, sound.sampleRate() == 22_050 ? 48_000 : 22_050, sound.channelCount()));
      case OTHER_CHANNELS ->
          m4a(
              SampleConverter.convert(
                  sound, sound.sampleRate(), sound.channelCount() == 1 ? 2 : 1));
      default -> m4a(sound);
    };
  }

  private static FragmentAudio m4a(Sound sound) throws MediaException {
    return wrap("m4a", sound, AudioClipEncoder.m4a(sound, BIT_RATE));
  }

  private static FragmentAudio wrap(String format, Sound sound, byte[] bytes) {
    return SoundWire.wrap(format, sound, bytes);
  }

  private static byte[] floats(Sound sound) {
    ByteBuffer out =
        ByteBuffer.allocate(sound.frames() * sound.channelCount() * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int n = 0; n < sound.frames(); n++) {
      for (float[] channel : sound.channels()) {
        out.putFloat(channel[n]);
      }
    }
    return out.array();
  }

  private static Sound notNumbers(Sound sound) {
    float[][] channels = new float[sound.channelCount()][sound.frames()];
    for (float[] channel : channels) {
      Arrays.fill(channel, Float.NaN);
    }
    return new Sound(channels, sound.sampleRate());
  }

  private static Sound tripled(Sound sound) {
    float[][] channels = new float[sound.channelCount()][];
    for (int c = 0; c < channels.length; c++) {
      channels[c] = Arrays.copyOf(sound.channels()[c], 3 * sound.frames());
    }
    return new Sound(channels, sound.sampleRate());
  }

  private static byte[] corrupt(byte[] bytes) {
    byte[] broken = bytes.clone();
    Arrays.fill(broken, broken.length / 2, broken.length, (byte) 0x55);
    return broken;
  }

  private static JsonNode json(FragmentAudio audio) {
    return json(audio, audio.format(), audio.durationMs(), audio.dataBase64());
  }

  private static JsonNode json(FragmentAudio audio, String format, int durationMs, String data) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("format", format)
        .put("sample_rate_hz", audio.sampleRateHz())
        .put("channels", audio.channels())
        .put("duration_ms", durationMs)
        .put("data_base64", data);
  }
}
