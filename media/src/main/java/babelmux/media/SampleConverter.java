package babelmux.media;

import java.math.BigInteger;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

/**
 * Changes the rate and the channels of a whole piece of audio. Any thread; blocks for the work
 * only.
 */
public final class SampleConverter {
  /** More than the filter looks ahead or back. */
  private static final int EDGE_SAMPLES = 256;

  private SampleConverter() {}

  /**
   * @return {@code sound} itself when it is already so; otherwise as many samples as last as long,
   *     rounded
   */
  public static Sound convert(Sound sound, int sampleRate, int channels) throws MediaException {
    if (sound.sampleRate() == sampleRate && sound.channelCount() == channels) {
      return sound;
    }
    if (Remix.knows(sound.channelCount(), channels)) {
      return rate(new Sound(Remix.to(sound.channels(), channels), sound.sampleRate()), sampleRate);
    }
    return converted(sound, sampleRate, channels);
  }

  private static Sound rate(Sound sound, int sampleRate) throws MediaException {
    return sound.sampleRate() == sampleRate
        ? sound
        : converted(sound, sampleRate, sound.channelCount());
  }

  /**
   * The filter looks beyond the ends of a piece; if it found silence there, audio that goes on in
   * the next piece would bend towards it and click at the seam.
   */
  private static Sound converted(Sound sound, int sampleRate, int channels) throws MediaException {
    int common =
        BigInteger.valueOf(sound.sampleRate()).gcd(BigInteger.valueOf(sampleRate)).intValue();
    int step = sound.sampleRate() / common;
    int edge = (EDGE_SAMPLES + step - 1) / step * step;
    if (sound.sampleRate() == sampleRate || sound.frames() <= edge) {
      return alone(sound, sampleRate, channels);
    }
    int skip = (int) ((long) edge * sampleRate / sound.sampleRate());
    int frames = (int) Math.round((double) sound.frames() * sampleRate / sound.sampleRate());
    return alone(extended(sound, edge), sampleRate, channels).slice(skip, skip + frames);
  }

  private static Sound extended(Sound sound, int edge) {
    float[][] out = new float[sound.channelCount()][];
    for (int c = 0; c < out.length; c++) {
      out[c] = LinearPrediction.extended(sound.channels()[c], edge);
    }
    return new Sound(out, sound.sampleRate());
  }

  private static Sound alone(Sound sound, int sampleRate, int channels) throws MediaException {
    Natives.opened();
    SwrContext swr = swresample.swr_alloc();
    AVFrame in = avutil.av_frame_alloc();
    AVFrame out = avutil.av_frame_alloc();
    try {
      fill(in, sound);
      long frames = Math.round((double) sound.frames() * sampleRate / sound.sampleRate());
      out.format(avutil.AV_SAMPLE_FMT_FLTP);
      out.sample_rate(sampleRate);
      avutil.av_channel_layout_default(out.ch_layout(), channels);
      MediaException.check(swresample.swr_convert_frame(swr, out, in), "converting audio");
      Sound head = Samples.copyOut(out);
      avutil.av_frame_unref(out);
      out.format(avutil.AV_SAMPLE_FMT_FLTP);
      out.sample_rate(sampleRate);
      avutil.av_channel_layout_default(out.ch_layout(), channels);
      MediaException.check(swresample.swr_convert_frame(swr, out, null), "converting audio");
      Sound tail = Samples.copyOut(out);
      return join(head, tail, (int) frames, channels, sampleRate);
    } finally {
      avutil.av_frame_free(in);
      avutil.av_frame_free(out);
      swresample.swr_free(swr);
      Natives.closed();
    }
  }

  static void fill(AVFrame frame, Sound sound) throws MediaException {
    frame.format(avutil.AV_SAMPLE_FMT_FLTP);
    frame.sample_rate(sound.sampleRate());
    frame.nb_samples(sound.frames());
    avutil.av_channel_layout_default(frame.ch_layout(), sound.channelCount());
    MediaException.check(avutil.av_frame_get_buffer(frame, 0), "a frame for conversion");
    for (int c = 0; c < sound.channelCount(); c++) {
      @SuppressWarnings("resource") // a view of the frame's memory
      FloatPointer plane = new FloatPointer(frame.extended_data(c));
      plane.put(sound.channels()[c]);
    }
  }

  private static Sound join(
      @Nullable Sound head, @Nullable Sound tail, int frames, int channels, int sampleRate) {
    float[][] out = new float[channels][frames];
    int at = 0;
    for (Sound piece : new Sound[] {head, tail}) {
      if (piece == null) {
        continue;
      }
      int count = Math.min(piece.frames(), frames - at);
      for (int c = 0; c < channels; c++) {
        System.arraycopy(piece.channels()[c], 0, out[c], at, count);
      }
      at += count;
    }
    return new Sound(out, sampleRate);
  }
}
