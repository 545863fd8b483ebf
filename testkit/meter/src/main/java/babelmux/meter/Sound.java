package babelmux.meter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The decoded sound of a recording, held in memory: at most ten minutes. Sample 0 is the first one
 * heard (priming left out where the container announces it).
 */
public final class Sound {
  private static final long MAX_SECONDS = 600;

  private final int rate;
  private final float[][] channels;
  private final AudioTimeline timeline;

  private Sound(int rate, float[][] channels, AudioTimeline timeline) {
    this.rate = rate;
    this.channels = channels;
    this.timeline = timeline;
  }

  /**
   * Decodes a file's first sound track; blocks; any thread. Throws if it has none or it is too
   * long.
   */
  public static Sound read(Path file) throws IOException {
    try (MediaFile media = MediaFile.open(file)) {
      AVStream audio = media.audio();
      if (audio == null) {
        throw new IOException(file + ": no sound");
      }
      List<float[][]> blocks = new ArrayList<>();
      long limit = MAX_SECONDS * audio.codecpar().sample_rate();
      long[] total = {0};
      PcmReader track =
          new PcmReader(
              audio,
              media.container(),
              samples -> {
                total[0] += samples[0].length;
                if (total[0] > limit) {
                  throw new IOException(file + ": longer than " + MAX_SECONDS + " s of sound");
                }
                blocks.add(samples);
              });
      try (Decoder decoder = Decoder.of(audio, track::accept)) {
        media.readAll(
            (stream, packet) -> {
              if (stream.index() == audio.index()) {
                decoder.decode(packet);
              }
            });
        decoder.decode(null);
        track.finish();
      }
      if (blocks.isEmpty()) {
        throw new IOException(file + ": sound without a single sample");
      }
      return new Sound(track.rate(), joined(blocks, (int) total[0]), track.timeline());
    }
  }

  /** Samples made by a program, from time 0: one array for each channel, all of the same length. */
  public static Sound of(int rate, float[]... channels) {
    AudioTimeline timeline = new AudioTimeline(rate);
    timeline.add(0, channels[0].length);
    return new Sound(rate, channels, timeline);
  }

  private static float[][] joined(List<float[][]> blocks, int total) {
    float[][] all = new float[blocks.get(0).length][total];
    int at = 0;
    for (float[][] block : blocks) {
      for (int channel = 0; channel < all.length; channel++) {
        System.arraycopy(block[channel], 0, all[channel], at, block[channel].length);
      }
      at += block[0].length;
    }
    return all;
  }

  /** In Hz. */
  public int rate() {
    return rate;
  }

  /** Samples of one channel. */
  public int length() {
    return channels[0].length;
  }

  public int channels() {
    return channels.length;
  }

  /** Presentation time of a sample. */
  public long timeUs(long sample) {
    return Math.round(timeline.timeUs((double) sample));
  }

  /** The sample that is heard at a presentation time; the nearest end where there is none. */
  public int sampleAt(long us) {
    int low = 0;
    int high = length();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (timeline.timeUs((double) middle) < us) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** A range of samples as a sound of its own, from time 0; a copy. */
  public Sound range(int from, int to) {
    float[][] part = new float[channels.length][];
    for (int channel = 0; channel < part.length; channel++) {
      part[channel] = Arrays.copyOfRange(channels[channel], from, to);
    }
    return of(rate, part);
  }

  /** One channel's samples from {@code from} to before {@code to}. */
  void copy(int channel, int from, int to, FloatPointer into) {
    into.put(channels[channel], from, to - from);
  }

  /** A copy of one channel in -1..1. */
  public float[] channel(int channel) {
    return channels[channel].clone();
  }

  /** A copy of the mean of all channels. */
  public float[] mono() {
    return PcmReader.mono(channels).clone();
  }
}
