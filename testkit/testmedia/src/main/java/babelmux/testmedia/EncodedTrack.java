package babelmux.testmedia;

import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_ch_layout;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_format;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame_rate;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_h;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_sample_aspect_ratio;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_sample_rate;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_time_base;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_w;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_set_frame_size;

import babelmux.media.MediaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/** A track of an output that is encoded from what a filter graph gives. */
final class EncodedTrack implements OutputTrack {
  private final Output output;
  private final boolean audio;
  private final int number;
  private final AVCodec codec;
  private final AVCodecContext context;
  private final AVFilterContext sink;
  private final AVFrame frame = avutil.av_frame_alloc();
  private final AVPacket packet = avcodec.av_packet_alloc();
  private int index;
  private long lastPts = Av.NO_TIME;
  // For frames without a time, such as the silence that adelay begins with.
  private long nextPts;
  private boolean done;

  /**
   * Connects it to a graph that is not configured yet.
   *
   * @param number among the output's tracks of its type
   */
  EncodedTrack(Output output, FilterChain chain, FilterChain.Pad pad, int number)
      throws IOException {
    this.output = output;
    this.audio = pad.audio();
    this.number = number;
    codec = codec();
    context = avcodec.avcodec_alloc_context3(codec);
    sink = chain.sink(pad, constraint(), output.spec().limitSeconds());
  }

  private String type() {
    return audio ? "a" : "v";
  }

  private @Nullable String option(String name) {
    return output.spec().value(name, type(), number);
  }

  private AVCodec codec() throws IOException {
    String name = option("c");
    AVCodec found =
        name == null
            ? avcodec.avcodec_find_encoder(
                audio ? output.format().audio_codec() : output.format().video_codec())
            : avcodec.avcodec_find_encoder_by_name(name);
    if (found == null || found.isNull()) {
      throw new IOException("no encoder " + (name == null ? "for " + type() : name));
    }
    return found;
  }

  /** Formats that the encoder takes. */
  private String constraint() {
    String encoder = codec.name().getString();
    if (!audio) {
      return "pix_fmts=yuv420p";
    }
    List<String> parts = new ArrayList<>();
    String format = option("sample_fmt");
    parts.add("sample_fmts=" + (format == null ? sampleFormats(encoder) : format));
    String rate = option("ar");
    if (rate != null || encoder.equals("libopus")) {
      parts.add("sample_rates=" + (rate == null ? "48000" : rate));
    }
    String channels = option("ac");
    if (channels != null) {
      parts.add("channel_layouts=" + layoutOf(Integer.parseInt(channels)));
    }
    return String.join(":", parts);
  }

  private static String sampleFormats(String encoder) {
    return switch (encoder) {
      case "aac", "ac3" -> "fltp";
      case "libmp3lame" -> "s16p|s32p|fltp";
      case "libopus" -> "s16|flt";
      case "flac" -> "s16|s32";
      case "pcm_f32le" -> "flt";
      case "pcm_s24le", "pcm_s32le" -> "s32";
      default -> "s16";
    };
  }

  private static String layoutOf(int channels) {
    byte[] name = new byte[64];
    try (AVChannelLayout layout = new AVChannelLayout()) {
      avutil.av_channel_layout_default(layout, channels);
      int length = avutil.av_channel_layout_describe(layout, name, name.length);
      return new String(name, 0, length - 1, StandardCharsets.US_ASCII);
    }
  }

  /** Opens the encoder, when the graph is configured. */
  void open() throws IOException {
    if (audio) {
      context.sample_rate(av_buffersink_get_sample_rate(sink));
      context.sample_fmt(av_buffersink_get_format(sink));
      MediaException.check(
          av_buffersink_get_ch_layout(sink, context.ch_layout()), "channel layout");
      context.time_base().num(1).den(context.sample_rate());
    } else {
      context.width(av_buffersink_get_w(sink));
      context.height(av_buffersink_get_h(sink));
      context.pix_fmt(av_buffersink_get_format(sink));
      context.sample_aspect_ratio(av_buffersink_get_sample_aspect_ratio(sink));
      AVRational rate = av_buffersink_get_frame_rate(sink);
      boolean known = rate.num() > 0 && rate.den() > 0;
      context.framerate().num(known ? rate.num() : 25).den(known ? rate.den() : 1);
      context.time_base().num(context.framerate().den()).den(context.framerate().num());
    }
    if (output.wantsGlobalHeaders()) {
      context.flags(context.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
    }
    String quality = option("q");
    if (quality != null) {
      context.flags(context.flags() | avcodec.AV_CODEC_FLAG_QSCALE);
      context.global_quality(avutil.FF_QP2LAMBDA * Integer.parseInt(quality));
    }
    Map<String, String> options = output.options(type(), number);
    AVDictionary dictionary = Av.dictionary(options);
    try {
      MediaException.check(
          avcodec.avcodec_open2(context, codec, dictionary),
          "opening the encoder " + codec.name().getString());
      output.taken(options, dictionary);
    } finally {
      avutil.av_dict_free(dictionary);
    }
    if (audio
        && context.frame_size() > 0
        && (codec.capabilities() & avcodec.AV_CODEC_CAP_VARIABLE_FRAME_SIZE) == 0) {
      av_buffersink_set_frame_size(sink, context.frame_size());
    }
    AVStream stream = output.addStream();
    index = stream.index();
    MediaException.check(
        avcodec.avcodec_parameters_from_context(stream.codecpar(), context), "encoder");
    stream.time_base(context.time_base());
    stream.avg_frame_rate(context.framerate());
  }

  @Override
  public void advance() throws IOException {
    while (!done) {
      int result = FilterChain.pull(sink, frame);
      if (result == avutil.AVERROR_EAGAIN()) {
        return;
      }
      if (result == avutil.AVERROR_EOF) {
        done = true;
        encode(null);
        return;
      }
      stamp();
      if (audio || lastPts == Av.NO_TIME || frame.pts() > lastPts) {
        lastPts = frame.pts();
        encode(frame);
      }
      avutil.av_frame_unref(frame);
    }
  }

  private void stamp() {
    AVRational from = av_buffersink_get_time_base(sink);
    frame.pts(
        frame.pts() == Av.NO_TIME
            ? nextPts
            : avutil.av_rescale_q(frame.pts(), from, context.time_base()));
    nextPts = frame.pts() + (audio ? frame.nb_samples() : 1);
    if (!audio) {
      // The source's keyframes are none of the encoder's.
      frame.pict_type(avutil.AV_PICTURE_TYPE_NONE);
      frame.quality(context.global_quality());
    }
  }

  private void encode(@Nullable AVFrame next) throws IOException {
    MediaException.check(avcodec.avcodec_send_frame(context, next), "encoding");
    while (true) {
      int result = avcodec.avcodec_receive_packet(context, packet);
      if (result == avutil.AVERROR_EAGAIN() || result == avutil.AVERROR_EOF) {
        return;
      }
      MediaException.check(result, "encoding");
      output.write(packet, index, context.time_base());
    }
  }

  @Override
  public boolean isDone() {
    return done;
  }

  @Override
  public void close() {
    avcodec.av_packet_free(packet);
    avutil.av_frame_free(frame);
    avcodec.avcodec_free_context(context);
  }
}
