package babelmux.meter;

import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_create_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_link;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_WARNING;
import static org.bytedeco.ffmpeg.global.avutil.AV_OPT_SEARCH_CHILDREN;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_log_get_level;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_get_double;

import java.io.IOException;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.FloatPointer;

/** FFmpeg's ebur128 between a source and a sink. One thread; {@link #close()} frees all of it. */
final class LoudnessFilter implements AutoCloseable {
  private static final double SILENCE_LUFS = -70;

  private final int rate;
  private final int channels;
  private final AVFilterGraph graph = avfilter_graph_alloc();
  private final AVFrame frame = av_frame_alloc();
  private final AVFilterContext source;
  private final AVFilterContext loudness;
  private final AVFilterContext sink;
  private long samples;

  LoudnessFilter(int rate, int channels) throws IOException {
    this.rate = rate;
    this.channels = channels;
    // The filter tells its result to standard error at the level "info" when it is freed.
    av_log_set_level(Math.min(av_log_get_level(), AV_LOG_WARNING));
    try {
      source =
          filter(
              "abuffer",
              "sample_rate=%d:sample_fmt=fltp:channel_layout=%dc:time_base=1/%d"
                  .formatted(rate, channels, rate));
      loudness = filter("ebur128", "peak=true:framelog=quiet");
      sink = filter("abuffersink", "");
      check(avfilter_link(source, 0, loudness, 0));
      check(avfilter_link(loudness, 0, sink, 0));
      check(avfilter_graph_config(graph, null));
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private AVFilterContext filter(String name, String arguments) throws IOException {
    AVFilterContext context = new AVFilterContext(null);
    check(
        avfilter_graph_create_filter(
            context, avfilter_get_by_name(name), name, arguments, null, graph));
    return context;
  }

  void add(Sound sound, int from, int to) throws IOException {
    frame.format(AV_SAMPLE_FMT_FLTP);
    frame.sample_rate(rate);
    frame.nb_samples(to - from);
    av_channel_layout_default(frame.ch_layout(), channels);
    check(av_frame_get_buffer(frame, 0));
    for (int channel = 0; channel < channels; channel++) {
      sound.copy(channel, from, to, new FloatPointer(frame.extended_data(channel)));
    }
    frame.pts(samples);
    samples += to - from;
    check(av_buffersrc_add_frame(source, frame));
    drain();
  }

  Level result() throws IOException {
    check(av_buffersrc_add_frame(source, null));
    drain();
    double integrated = option("integrated");
    return new Level(
        Double.isFinite(integrated) ? integrated : SILENCE_LUFS,
        option("range"),
        option("true_peak"));
  }

  private double option(String name) throws IOException {
    double[] value = new double[1];
    check(av_opt_get_double(loudness, name, AV_OPT_SEARCH_CHILDREN, value));
    return value[0];
  }

  private void drain() {
    while (av_buffersink_get_frame(sink, frame) >= 0) {
      av_frame_unref(frame);
    }
  }

  private static void check(int status) throws IOException {
    if (status < 0) {
      throw new IOException("measuring loudness: " + MediaFile.reason(status));
    }
  }

  @Override
  public void close() {
    av_frame_free(frame);
    avfilter_graph_free(graph);
  }
}
