package babelmux.media;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.jspecify.annotations.Nullable;

/** Samples from native frames to Java arrays, whatever their layout in memory. */
final class Samples {
  private static final int MAX_CHANNELS = 8;

  private Samples() {}

  /**
   * A frame's samples, or null when its format is not one of audio or it has no or too many
   * channels.
   */
  static @Nullable Sound copyOut(AVFrame frame) {
    int channels = frame.ch_layout().nb_channels();
    int frames = frame.nb_samples();
    if (channels < 1 || channels > MAX_CHANNELS || frames < 0 || frame.sample_rate() <= 0) {
      return null;
    }
    boolean planar = avutil.av_sample_fmt_is_planar(frame.format()) == 1;
    float[][] out = new float[channels][frames];
    if (planar) {
      for (int c = 0; c < channels; c++) {
        if (!plane(frame.extended_data(c), frame.format(), out[c])) {
          return null;
        }
      }
      return new Sound(out, frame.sample_rate());
    }
    float[] mixed = new float[channels * frames];
    if (!plane(frame.extended_data(0), avutil.av_get_planar_sample_fmt(frame.format()), mixed)) {
      return null;
    }
    for (int n = 0; n < frames; n++) {
      for (int c = 0; c < channels; c++) {
        out[c][n] = mixed[n * channels + c];
      }
    }
    return new Sound(out, frame.sample_rate());
  }

  /**
   * Puts a frame's samples into arrays that are there.
   *
   * @param at where in the arrays
   * @return false when that is not possible without converting them, or when they do not fit there;
   *     nothing is changed then
   */
  @SuppressWarnings("resource") // views of memory that the frame owns
  static boolean copyInto(AVFrame frame, float[][] out, int at) {
    int frames = frame.nb_samples();
    if (frame.format() != avutil.AV_SAMPLE_FMT_FLTP
        || frame.ch_layout().nb_channels() != out.length
        || frames < 0
        || frames > out[0].length - at) {
      return false;
    }
    for (int c = 0; c < out.length; c++) {
      new FloatPointer(frame.extended_data(c)).get(out[c], at, frames);
    }
    return true;
  }

  @SuppressWarnings("resource") // views of memory that the frame owns
  private static boolean plane(BytePointer data, int planarFormat, float[] out) {
    Pointer bytes = data;
    switch (planarFormat) {
      case avutil.AV_SAMPLE_FMT_FLTP -> new FloatPointer(bytes).get(out);
      case avutil.AV_SAMPLE_FMT_S16P -> {
        short[] values = new short[out.length];
        new ShortPointer(bytes).get(values);
        for (int i = 0; i < out.length; i++) {
          out[i] = values[i] / 32768f;
        }
      }
      case avutil.AV_SAMPLE_FMT_S32P -> {
        int[] values = new int[out.length];
        new IntPointer(bytes).get(values);
        for (int i = 0; i < out.length; i++) {
          out[i] = values[i] * 0x1p-31f;
        }
      }
      case avutil.AV_SAMPLE_FMT_DBLP -> {
        double[] values = new double[out.length];
        new DoublePointer(bytes).get(values);
        for (int i = 0; i < out.length; i++) {
          out[i] = (float) values[i];
        }
      }
      case avutil.AV_SAMPLE_FMT_U8P -> {
        byte[] values = new byte[out.length];
        data.get(values);
        for (int i = 0; i < out.length; i++) {
          out[i] = ((values[i] & 0xff) - 128) / 128f;
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }
}
