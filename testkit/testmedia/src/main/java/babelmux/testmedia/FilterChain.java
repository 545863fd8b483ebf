package babelmux.testmedia;

import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame_flags;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_create_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_parse2;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_inout_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_link;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_pad_get_type;

import babelmux.media.MediaException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avfilter.AVFilterInOut;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/** A filter graph with its sources and sinks. One thread; {@link #close()} frees all of it. */
final class FilterChain implements AutoCloseable {

  /**
   * An end of the graph that is not connected yet.
   *
   * @param label as in {@code [label]}; empty when there is none
   */
  record Pad(String label, boolean audio, AVFilterContext filter, int index) {}

  private final AVFilterGraph graph = avfilter_graph_alloc();
  private final List<Pad> inputs = new ArrayList<>();
  private final List<Pad> outputs = new ArrayList<>();
  private final String description;
  private int made;

  FilterChain(String description) throws IOException {
    this.description = description;
    AVFilterInOut ins = new AVFilterInOut(null);
    AVFilterInOut outs = new AVFilterInOut(null);
    try {
      MediaException.check(
          avfilter_graph_parse2(graph, description, ins, outs), "filter " + description);
      collect(ins, inputs, true);
      collect(outs, outputs, false);
    } catch (IOException e) {
      close();
      throw e;
    } finally {
      avfilter_inout_free(ins);
      avfilter_inout_free(outs);
    }
  }

  private static void collect(AVFilterInOut first, List<Pad> pads, boolean input) {
    AVFilterInOut end = first;
    while (end != null && !end.isNull()) {
      AVFilterContext filter = end.filter_ctx();
      int type =
          avfilter_pad_get_type(input ? filter.input_pads() : filter.output_pads(), end.pad_idx());
      String label = end.name() == null || end.name().isNull() ? "" : end.name().getString();
      pads.add(new Pad(label, type == avutil.AVMEDIA_TYPE_AUDIO, filter, end.pad_idx()));
      end = end.next();
    }
  }

  List<Pad> inputs() {
    return inputs;
  }

  List<Pad> outputs() {
    return outputs;
  }

  private AVFilterContext filter(String name, @Nullable String arguments) throws IOException {
    AVFilterContext context = new AVFilterContext(null);
    MediaException.check(
        avfilter_graph_create_filter(
            context,
            avfilter_get_by_name(name),
            name + made++,
            arguments == null ? "" : arguments,
            null,
            graph),
        "filter " + name + "=" + arguments);
    return context;
  }

  /**
   * Connects a source to an input.
   *
   * @param format the arguments of FFmpeg's buffer or abuffer
   * @param fromZero whether frames before time 0 are dropped
   */
  AVFilterContext source(Pad pad, String format, boolean fromZero) throws IOException {
    AVFilterContext source = filter(pad.audio ? "abuffer" : "buffer", format);
    AVFilterContext last = source;
    if (fromZero) {
      last = filter(pad.audio ? "atrim" : "trim", "start=0");
      MediaException.check(avfilter_link(source, 0, last, 0), description);
    }
    MediaException.check(avfilter_link(last, 0, pad.filter, pad.index), description);
    return source;
  }

  /**
   * Connects a sink to an output.
   *
   * @param constraint arguments of FFmpeg's format or aformat; empty for none
   * @param limitSeconds length at which it ends; positive infinity for none
   */
  AVFilterContext sink(Pad pad, String constraint, double limitSeconds) throws IOException {
    AVFilterContext last = pad.filter;
    int index = pad.index;
    if (!constraint.isEmpty()) {
      AVFilterContext format = filter(pad.audio ? "aformat" : "format", constraint);
      MediaException.check(avfilter_link(last, index, format, 0), description);
      last = format;
      index = 0;
    }
    if (Double.isFinite(limitSeconds)) {
      AVFilterContext trim =
          filter(pad.audio ? "atrim" : "trim", "duration=%.6f".formatted(limitSeconds));
      MediaException.check(avfilter_link(last, index, trim, 0), description);
      last = trim;
      index = 0;
    }
    AVFilterContext sink = filter(pad.audio ? "abuffersink" : "buffersink", null);
    MediaException.check(avfilter_link(last, index, sink, 0), description);
    return sink;
  }

  /** To be called once, when all ends are connected. */
  void configure() throws IOException {
    MediaException.check(avfilter_graph_config(graph, null), "filter " + description);
  }

  /**
   * Passes a frame in, or the end.
   *
   * @param frame stays the caller's; null for the end
   */
  static void push(AVFilterContext source, @Nullable AVFrame frame) throws IOException {
    // 8 is AV_BUFFERSRC_FLAG_KEEP_REF.
    int result = av_buffersrc_add_frame_flags(source, frame, 8);
    if (result != avutil.AVERROR_EOF) {
      MediaException.check(result, "filtering");
    }
  }

  /**
   * Takes a frame out.
   *
   * @return 0, or FFmpeg's EAGAIN when more is needed, or its EOF at the end
   */
  static int pull(AVFilterContext sink, AVFrame frame) throws IOException {
    int result = av_buffersink_get_frame(sink, frame);
    if (result != avutil.AVERROR_EOF && result != avutil.AVERROR_EAGAIN()) {
      MediaException.check(result, "filtering");
    }
    return result;
  }

  @Override
  public void close() {
    avfilter_graph_free(graph);
  }
}
