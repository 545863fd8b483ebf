package babelmux.testmedia;

import babelmux.media.MediaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/** Decodes one track into filter graphs. One thread; {@link #close()} frees it. */
final class Decoder implements AutoCloseable {
  // Containers that count milliseconds round each time; what is nearer is no gap.
  private static final int ROUNDING_MS = 2;

  private final AVCodecContext context;
  private final AVRational base;
  private final AVRational frameRate;
  private final boolean audio;
  private final AVFrame frame = avutil.av_frame_alloc();
  private final List<AVFilterContext> targets = new ArrayList<>();
  private long nextSample = Av.NO_TIME;

  Decoder(AVStream stream) throws IOException {
    AVCodec codec = avcodec.avcodec_find_decoder(stream.codecpar().codec_id());
    if (codec == null || codec.isNull()) {
      throw new IOException("no decoder for codec number " + stream.codecpar().codec_id());
    }
    context = avcodec.avcodec_alloc_context3(codec);
    base = Av.copy(stream.time_base());
    frameRate = Av.copy(stream.avg_frame_rate());
    audio = stream.codecpar().codec_type() == avutil.AVMEDIA_TYPE_AUDIO;
    try {
      MediaException.check(
          avcodec.avcodec_parameters_to_context(context, stream.codecpar()), "decoder");
      context.pkt_timebase(base);
      AVChannelLayout layout = context.ch_layout();
      if (audio && layout.order() == avutil.AV_CHANNEL_ORDER_UNSPEC) {
        // A WAV file need not name its channels: they are the usual ones, as for the program.
        avutil.av_channel_layout_default(layout, layout.nb_channels());
      }
      MediaException.check(
          avcodec.avcodec_open2(context, codec, (AVDictionary) null), "opening the decoder");
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  void addTarget(AVFilterContext source) {
    targets.add(source);
  }

  String sourceFormat() throws IOException {
    return audio
        ? audioFormat(context.sample_rate(), context.sample_fmt(), context.ch_layout())
        : videoFormat(context.width(), context.height(), context.pix_fmt(), base, frameRate);
  }

  static String audioFormat(int rate, int format, AVChannelLayout layout) throws IOException {
    byte[] name = new byte[128];
    int length =
        MediaException.check(
            avutil.av_channel_layout_describe(layout, name, name.length),
            "naming a channel layout");
    return "time_base=1/%d:sample_rate=%d:sample_fmt=%s:channel_layout=%s"
        .formatted(
            rate,
            rate,
            avutil.av_get_sample_fmt_name(format).getString(),
            new String(name, 0, length - 1, StandardCharsets.US_ASCII));
  }

  static String videoFormat(int width, int height, int format, AVRational base, AVRational rate) {
    return "video_size=%dx%d:pix_fmt=%d:time_base=%d/%d:frame_rate=%d/%d"
        .formatted(width, height, format, base.num(), base.den(), rate.num(), rate.den());
  }

  /**
   * Decodes a packet.
   *
   * @param packet stays the caller's; null at the end of a file
   */
  void decode(@Nullable AVPacket packet) throws IOException {
    int sent = avcodec.avcodec_send_packet(context, packet);
    if (sent != avutil.AVERROR_EOF && sent != avutil.AVERROR_INVALIDDATA()) {
      MediaException.check(sent, "decoding");
    }
    while (true) {
      int result = avcodec.avcodec_receive_frame(context, frame);
      if (result == avutil.AVERROR_EAGAIN() || result == avutil.AVERROR_EOF) {
        return;
      }
      MediaException.check(result, "decoding");
      if (audio) {
        stampAudio();
      } else {
        frame.pts(frame.best_effort_timestamp());
      }
      for (AVFilterContext target : targets) {
        FilterChain.push(target, frame);
      }
      avutil.av_frame_unref(frame);
    }
  }

  /** The time in samples, without the rounding of the container. */
  private void stampAudio() {
    int rate = frame.sample_rate();
    long sample =
        frame.pts() == Av.NO_TIME
            ? nextSample
            : avutil.av_rescale_q(frame.pts(), base, Av.rational(1, rate));
    if (nextSample != Av.NO_TIME
        && Math.abs(sample - nextSample) < (long) rate * ROUNDING_MS / 1000) {
      sample = nextSample;
    }
    frame.pts(sample);
    nextSample = sample + frame.nb_samples();
  }

  /** Makes it ready for packets of another place, after the end of a file. */
  void restart() {
    avcodec.avcodec_flush_buffers(context);
  }

  /** Tells the graphs that no frame follows. */
  void end() throws IOException {
    decode(null);
    for (AVFilterContext target : targets) {
      FilterChain.push(target, null);
    }
  }

  @Override
  public void close() {
    avutil.av_frame_free(frame);
    avcodec.avcodec_free_context(context);
  }
}
