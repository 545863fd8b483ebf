package babelmux.worker.sound;

import babelmux.media.SampleMemory;
import babelmux.media.Sound;
import org.jspecify.annotations.Nullable;

/**
 * A dub that waits for its slot: 16-bit samples, half the size of decoded ones, outside the Java
 * heap. Its contents never change. Whoever made it closes it or gives it to a track that does; it
 * is read by one thread at a time.
 *
 * <p>Audio that goes over full scale, as decoders give it when the master was loud, keeps its
 * peaks: its steps are so much larger.
 */
public final class Dub implements AutoCloseable {
  // +18 dB over full scale: beyond that it is no audio, but a mistaken sample format.
  private static final float MAX_SAMPLE = 8f;

  private final SampleMemory samples;
  private final int channelCount;
  private final int frames;
  private final float step;
  private final @Nullable SpeechMap speech;
  private final @Nullable Loudness loudness;

  /** As it is: nothing is known of it but its samples. */
  public Dub(Sound sound) {
    this(sound, null, null);
  }

  private Dub(Sound sound, @Nullable SpeechMap speech, @Nullable Loudness loudness) {
    this.speech = speech;
    this.loudness = loudness;
    float peak = Math.max(1f, peak(sound));
    step = peak / (peak > 1f ? 32767f : 32768f);
    channelCount = sound.channelCount();
    frames = sound.frames();
    samples = new SampleMemory(channelCount * frames);
    for (int c = 0; c < channelCount; c++) {
      float[] from = sound.channels()[c];
      for (int n = 0; n < frames; n++) {
        int value = Math.round(from[n] / step);
        samples.put(c * frames + n, (short) Math.max(-32768, Math.min(32767, value)));
      }
    }
  }

  /** With all that the options want to know of it; takes milliseconds. */
  public static Dub of(Sound sound, SoundOptions options) {
    BedOptions bed = options.bed();
    return new Dub(
        sound,
        bed == null ? null : SpeechMap.of(sound, bed.attack().toMillis()),
        options.loudness() == null ? null : Loudness.of(sound));
  }

  /** Returns whether every sample is a number, and none far beyond full scale. */
  public static boolean isSound(Sound sound) {
    return peak(sound) <= MAX_SAMPLE;
  }

  /** The largest magnitude; infinite when a sample is no number. */
  private static float peak(Sound sound) {
    float peak = 0;
    for (float[] channel : sound.channels()) {
      for (float sample : channel) {
        float magnitude = Math.abs(sample);
        if (!(magnitude <= peak)) {
          peak = Float.isNaN(magnitude) ? Float.POSITIVE_INFINITY : magnitude;
        }
      }
    }
    return peak;
  }

  public int frames() {
    return frames;
  }

  public int channelCount() {
    return channelCount;
  }

  /** The dub's loudness; null when that was not asked for. */
  public @Nullable Loudness loudness() {
    return loudness;
  }

  /** Returns whether it speaks at a sample, is about to, or has just spoken. */
  boolean speaksAt(int n) {
    return speech == null || speech.at(n);
  }

  /** Sample {@code n} of a channel; 1 is full scale. */
  public float at(int channel, int n) {
    return samples.get(channel * frames + n) * step;
  }

  /** Gives the samples' memory back. Calls after the first do nothing. */
  @Override
  public void close() {
    samples.close();
  }
}
