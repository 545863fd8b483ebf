package babelmux.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avfilter;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Makes a piece of audio faster or slower and keeps its pitch. Any thread; blocks for the work
 * only.
 */
public final class Tempo {
  private Tempo() {}

  /**
   * @param factor tempo factor, 0.5 to 2
   * @return exactly {@code frames / factor} samples, rounded. What was at t is at t / factor, give
   *     or take 10 ms: the filter joins windows where they fit
   * @throws MediaException when FFmpeg cannot do it
   */
  public static Sound change(Sound sound, double factor) throws MediaException {
    if (!(factor >= 0.5 && factor <= 2)) {
      throw new IllegalArgumentException("a tempo factor is 0.5 to 2, not " + factor);
    }
    int frames = (int) Math.round(sound.frames() / factor);
    // The filter gives the middle of its first window at time 0 and ends one window early.
    int window = window(sound.sampleRate());
    try (Graph graph = new Graph(sound, factor)) {
      return graph.run(between(sound, window / 2, 2 * window), frames);
    }
  }

  /** The window of atempo: the power of two from 1/24 s on. */
  private static int window(int sampleRate) {
    int least = Math.max(1, sampleRate / 24);
    int power = Integer.highestOneBit(least);
    return power < least ? 2 * power : power;
  }

  private static Sound between(Sound sound, int before, int after) {
    float[][] out = new float[sound.channelCount()][before + sound.frames() + after];
    for (int c = 0; c < out.length; c++) {
      System.arraycopy(sound.channels()[c], 0, out[c], before, sound.frames());
    }
    return new Sound(out, sound.sampleRate());
  }

  /** abuffer, atempo, abuffersink: the native side of one change. */
  private static final class Graph implements AutoCloseable {
    private final AVFilterGraph graph = avfilter.avfilter_graph_alloc();
    private final AVFrame frame = avutil.av_frame_alloc();
    private final AVFilterContext source;
    private final AVFilterContext sink;

    Graph(Sound sound, double factor) throws MediaException {
      Natives.opened();
      try {
        source =
            filter(
                "abuffer",
                "sample_rate=%d:sample_fmt=fltp:channel_layout=%dc:time_base=1/%d"
                    .formatted(sound.sampleRate(), sound.channelCount(), sound.sampleRate()));
        AVFilterContext tempo = filter("atempo", String.format(Locale.ROOT, "%.6f", factor));
        sink = filter("abuffersink", "");
        MediaException.check(avfilter.avfilter_link(source, 0, tempo, 0), "joining filters");
        MediaException.check(avfilter.avfilter_link(tempo, 0, sink, 0), "joining filters");
        MediaException.check(avfilter.avfilter_graph_config(graph, null), "preparing atempo");
      } catch (MediaException | RuntimeException | Error e) {
        close();
        throw e;
      }
    }

    private AVFilterContext filter(String name, String arguments) throws MediaException {
      AVFilterContext context = new AVFilterContext(null);
      MediaException.check(
          avfilter.avfilter_graph_create_filter(
              context, avfilter.avfilter_get_by_name(name), name, arguments, null, graph),
          "making the filter " + name);
      return context;
    }

    Sound run(Sound sound, int frames) throws MediaException {
      SampleConverter.fill(frame, sound);
      MediaException.check(avfilter.av_buffersrc_add_frame(source, frame), "changing the tempo");
      MediaException.check(avfilter.av_buffersrc_add_frame(source, null), "changing the tempo");
      List<Sound> pieces = new ArrayList<>();
      while (avfilter.av_buffersink_get_frame(sink, frame) >= 0) {
        Sound piece = Samples.copyOut(frame);
        avutil.av_frame_unref(frame);
        if (piece != null) {
          pieces.add(piece);
        }
      }
      return joined(pieces, sound, frames);
    }

    private static Sound joined(List<Sound> pieces, Sound like, int frames) {
      float[][] out = new float[like.channelCount()][frames];
      int at = 0;
      for (Sound piece : pieces) {
        int count = Math.min(piece.frames(), frames - at);
        for (int c = 0; c < out.length; c++) {
          System.arraycopy(piece.channels()[c], 0, out[c], at, count);
        }
        at += count;
      }
      return new Sound(out, like.sampleRate());
    }

    @Override
    public void close() {
      avutil.av_frame_free(frame);
      avfilter.avfilter_graph_free(graph);
      Natives.closed();
    }
  }
}
