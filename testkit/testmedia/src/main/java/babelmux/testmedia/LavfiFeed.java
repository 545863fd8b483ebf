package babelmux.testmedia;

import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_ch_layout;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_format;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame_rate;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_h;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_sample_rate;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_time_base;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_w;

import babelmux.media.MediaException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/** Media that a filter graph makes: a sine, a test picture. One track. */
final class LavfiFeed implements Feed {
  private final FilterChain chain;
  private final AVFilterContext sink;
  private final boolean audio;
  private final AVRational base;
  private final AVFrame frame = avutil.av_frame_alloc();
  private final List<AVFilterContext> targets = new ArrayList<>();
  private long positionUs;
  private boolean ended;

  LavfiFeed(String description) throws IOException {
    chain = new FilterChain(description);
    try {
      if (chain.outputs().size() != 1 || !chain.inputs().isEmpty()) {
        throw new IOException(description + ": expected a graph with one output");
      }
      audio = chain.outputs().get(0).audio();
      sink = chain.sink(chain.outputs().get(0), "", Double.POSITIVE_INFINITY);
      chain.configure();
      base = Av.copy(av_buffersink_get_time_base(sink));
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public int tracks() {
    return 1;
  }

  @Override
  public boolean isAudio(int track) {
    return audio;
  }

  @Override
  public boolean isVideo(int track) {
    return !audio;
  }

  @Override
  public @Nullable AVStream stream(int track) {
    return null;
  }

  @Override
  public String sourceFormat(int track) throws IOException {
    if (audio) {
      try (AVChannelLayout layout = new AVChannelLayout()) {
        MediaException.check(av_buffersink_get_ch_layout(sink, layout), "channel layout");
        return Decoder.audioFormat(
            av_buffersink_get_sample_rate(sink), av_buffersink_get_format(sink), layout);
      }
    }
    return Decoder.videoFormat(
        av_buffersink_get_w(sink),
        av_buffersink_get_h(sink),
        av_buffersink_get_format(sink),
        base,
        av_buffersink_get_frame_rate(sink));
  }

  @Override
  public void sendFrames(int track, AVFilterContext source) {
    targets.add(source);
  }

  @Override
  public void sendPackets(int track, PacketTarget target) {
    throw new IllegalArgumentException("what a filter graph makes cannot be copied");
  }

  @Override
  public boolean startsInside() {
    return false;
  }

  @Override
  public long positionUs() {
    return positionUs;
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public void step() throws IOException {
    ended = FilterChain.pull(sink, frame) < 0;
    if (!ended) {
      positionUs = Av.micros(frame.pts(), base);
    }
    for (AVFilterContext target : targets) {
      FilterChain.push(target, ended ? null : frame);
    }
    avutil.av_frame_unref(frame);
  }

  @Override
  public void close() {
    avutil.av_frame_free(frame);
    chain.close();
  }
}
