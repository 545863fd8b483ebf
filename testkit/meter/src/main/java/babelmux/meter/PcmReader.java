package babelmux.meter;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16P;
import static org.bytedeco.ffmpeg.global.avutil.av_q2d;

import java.io.IOException;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.jspecify.annotations.Nullable;

/** Turns decoded frames into samples in -1..1 and keeps the track's timeline. */
final class PcmReader {
  @FunctionalInterface
  interface SampleSink {
    /** One array for each channel, all of the same length. */
    void accept(float[][] samples) throws IOException;
  }

  private record Block(double timeUs, double lengthUs, float[][] samples) {}

  private final AVStream stream;
  private final boolean exactDurations;
  private final int rate;
  private final int channels;
  private final double tickUs;
  private final AudioTimeline timeline;
  private final SampleSink sink;

  /**
   * The last frame may be cut by its duration, and only the next call tells whether it was the
   * last.
   */
  private @Nullable Block held;

  PcmReader(AVStream stream, String container, SampleSink sink) throws IOException {
    this.stream = stream;
    this.exactDurations = container.contains("mp4");
    this.rate = stream.codecpar().sample_rate();
    this.channels = stream.codecpar().ch_layout().nb_channels();
    if (rate <= 0 || channels <= 0) {
      throw new IOException("sound with " + rate + " Hz and " + channels + " channels");
    }
    this.tickUs = av_q2d(stream.time_base()) * 1e6;
    this.timeline = new AudioTimeline(rate);
    this.sink = sink;
  }

  void accept(AVFrame frame) throws IOException {
    int count = frame.ch_layout().nb_channels();
    if (frame.sample_rate() != rate || count != channels) {
      throw new IOException(
          "the sound changes from %d Hz, %d channels to %d Hz, %d channels"
              .formatted(rate, channels, frame.sample_rate(), count));
    }
    long pts = frame.pts() == AV_NOPTS_VALUE ? frame.best_effort_timestamp() : frame.pts();
    if (pts == AV_NOPTS_VALUE) {
      throw new IOException("sound without a presentation time");
    }
    release(Integer.MAX_VALUE);
    held = new Block(pts * tickUs, frame.duration() * tickUs, samples(frame));
  }

  void finish() throws IOException {
    Block last = held;
    if (last != null) {
      boolean cut = exactDurations && last.lengthUs > 0;
      release(cut ? (int) Math.round(last.lengthUs * rate / 1e6) : Integer.MAX_VALUE);
    }
  }

  private void release(int atMost) throws IOException {
    Block block = held;
    held = null;
    if (block == null) {
      return;
    }
    float[][] samples = block.samples;
    if (samples[0].length > atMost) {
      for (int channel = 0; channel < channels; channel++) {
        samples[channel] = Arrays.copyOf(samples[channel], atMost);
      }
    }
    timeline.add(block.timeUs, samples[0].length);
    sink.accept(samples);
  }

  private float[][] samples(AVFrame frame) throws IOException {
    int count = frame.nb_samples();
    float[][] samples = new float[channels][count];
    int format = frame.format();
    for (int channel = 0; channel < channels; channel++) {
      if (format == AV_SAMPLE_FMT_FLTP) {
        new FloatPointer(plane(frame, channel)).get(samples[channel]);
      } else if (format == AV_SAMPLE_FMT_S16P) {
        ShortPointer plane = new ShortPointer(plane(frame, channel));
        for (int i = 0; i < count; i++) {
          samples[channel][i] = plane.get(i) / 32768f;
        }
      } else if (format == AV_SAMPLE_FMT_FLT) {
        FloatPointer plane = new FloatPointer(plane(frame, 0));
        for (int i = 0; i < count; i++) {
          samples[channel][i] = plane.get((long) i * channels + channel);
        }
      } else if (format == AV_SAMPLE_FMT_S16) {
        ShortPointer plane = new ShortPointer(plane(frame, 0));
        for (int i = 0; i < count; i++) {
          samples[channel][i] = plane.get((long) i * channels + channel) / 32768f;
        }
      } else {
        throw new IOException("sample format " + format + ": expected 16 bits or float");
      }
    }
    return samples;
  }

  private static Pointer plane(AVFrame frame, int channel) {
    return frame.extended_data(channel);
  }

  static float[] mono(float[][] samples) {
    if (samples.length == 1) {
      return samples[0];
    }
    float[] mono = new float[samples[0].length];
    for (float[] channel : samples) {
      for (int i = 0; i < mono.length; i++) {
        mono[i] += channel[i] / samples.length;
      }
    }
    return mono;
  }

  int rate() {
    return rate;
  }

  AudioTimeline timeline() {
    return timeline;
  }

  Recording.Audio result(int decodeErrors) {
    long count = timeline.samples();
    return new Recording.Audio(
        MediaFile.codec(stream),
        rate,
        channels,
        count == 0 ? 0 : Math.round(timeline.timeUs(0)),
        count == 0 ? 0 : Math.round(timeline.timeUs((double) count)),
        count,
        timeline.gaps(),
        decodeErrors);
  }
}
