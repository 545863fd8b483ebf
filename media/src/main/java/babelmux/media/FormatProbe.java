package babelmux.media;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVCodecParserContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** Learns a live track's format from its own first packet, where FLV's headers leave it open. */
final class FormatProbe {
  private FormatProbe() {}

  /** The format, or null when this packet is no keyframe or does not tell the picture's size. */
  static @Nullable TrackFormat video(AVCodecParameters known, AVPacket first) {
    if ((first.flags() & avcodec.AV_PKT_FLAG_KEY) == 0) {
      return null;
    }
    AVCodecParserContext parser = avcodec.av_parser_init(known.codec_id());
    AVCodecContext context = avcodec.avcodec_alloc_context3(null);
    try {
      if (parser != null && !parser.isNull()) {
        parse(known, first, parser, context);
      }
      return known.width() > 0 && known.height() > 0 ? TrackFormat.of(known) : null;
    } finally {
      if (parser != null) {
        avcodec.av_parser_close(parser);
      }
      avcodec.avcodec_free_context(context);
    }
  }

  private static void parse(
      AVCodecParameters known,
      AVPacket first,
      AVCodecParserContext parser,
      AVCodecContext context) {
    avcodec.avcodec_parameters_to_context(context, known);
    parser.flags(parser.flags() | AVCodecParserContext.PARSER_FLAG_COMPLETE_FRAMES);
    try (PointerPointer<BytePointer> out = new PointerPointer<>(1);
        IntPointer size = new IntPointer(1)) {
      avcodec.av_parser_parse2(
          parser, context, out, size, first.data(), first.size(), first.pts(), first.dts(), -1);
    }
    if (parser.width() > 0 && parser.height() > 0) {
      known.width(parser.width());
      known.height(parser.height());
    }
    if (context.profile() >= 0) {
      known.profile(context.profile());
      known.level(context.level());
    }
  }

  /**
   * The format of a track that goes on with this packet, or null when it cannot be decoded. {@code
   * known} stays as it is.
   */
  static @Nullable TrackFormat changedAudio(AVCodecParameters known, AVPacket packet) {
    AVCodecParameters changed = avcodec.avcodec_parameters_alloc();
    try {
      avcodec.avcodec_parameters_copy(changed, known);
      replaceHeaders(changed, SoundWatch.newHeaders(packet));
      return audio(changed, packet);
    } finally {
      avcodec.avcodec_parameters_free(changed);
    }
  }

  private static void replaceHeaders(AVCodecParameters changed, @Nullable BytePointer headers) {
    if (headers == null) {
      return;
    }
    long size = headers.capacity();
    BytePointer copy =
        new BytePointer(avutil.av_mallocz(size + avcodec.AV_INPUT_BUFFER_PADDING_SIZE));
    Pointer.memcpy(copy, headers, size);
    avutil.av_free(changed.extradata());
    changed.extradata(copy);
    changed.extradata_size((int) size);
  }

  /**
   * The format, or null when this packet cannot be decoded. What a decoder gives counts, not what
   * the header says.
   */
  static @Nullable TrackFormat audio(AVCodecParameters known, AVPacket first) {
    AVCodec decoder = avcodec.avcodec_find_decoder(known.codec_id());
    if (decoder == null || decoder.isNull()) {
      return null;
    }
    AVCodecContext context = avcodec.avcodec_alloc_context3(decoder);
    AVFrame frame = avutil.av_frame_alloc();
    try {
      if (known.codec_id() != avcodec.AV_CODEC_ID_MP3) {
        // An MPEG audio decoder gives its first frame the rate that it was told.
        avcodec.avcodec_parameters_to_context(context, known);
      }
      context.thread_count(1);
      context.flags2(context.flags2() | avcodec.AV_CODEC_FLAG2_SKIP_MANUAL);
      if (avcodec.avcodec_open2(context, decoder, (PointerPointer<?>) null) < 0
          || avcodec.avcodec_send_packet(context, first) < 0
          || avcodec.avcodec_receive_frame(context, frame) < 0) {
        return null;
      }
      known.sample_rate(frame.sample_rate());
      avutil.av_channel_layout_copy(known.ch_layout(), frame.ch_layout());
      known.frame_size(frame.nb_samples());
      return TrackFormat.of(known);
    } finally {
      avutil.av_frame_free(frame);
      avcodec.avcodec_free_context(context);
    }
  }
}
