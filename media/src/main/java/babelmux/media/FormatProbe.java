package babelmux.media;

import java.util.Arrays;
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
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** Learns a live track's format from its own first packet, where FLV's headers leave it open. */
final class FormatProbe {
  private FormatProbe() {}

  /** The format, or null when this keyframe does not tell the video's size. */
  static @Nullable TrackFormat video(AVCodecParameters known, AVPacket keyframe) {
    AVCodecParameters probed = avcodec.avcodec_parameters_alloc();
    try {
      avcodec.avcodec_parameters_copy(probed, known);
      byte[] renewed = renewedHeaders(probed, keyframe);
      if (renewed != null) {
        replaceHeaders(probed, renewed);
      }
      return sized(probed, keyframe);
    } finally {
      avcodec.avcodec_parameters_free(probed);
    }
  }

  /**
   * The format of a track that goes on with this packet in another format, or null when it goes on
   * as it was. New codec headers are beside the packet or, of a keyframe, in it.
   */
  static @Nullable TrackFormat changedVideo(TrackFormat current, AVPacket packet) {
    AVCodecParameters changed = avcodec.avcodec_parameters_alloc();
    try {
      avcodec.avcodec_parameters_copy(changed, current.parameters());
      boolean isNew = false;
      BytePointer beside = AudioFormatWatch.newHeaders(packet);
      if (beside != null && !Arrays.equals(bytes(beside, beside.capacity()), headers(changed))) {
        replaceHeaders(changed, bytes(beside, beside.capacity()));
        isNew = true;
      }
      byte[] renewed =
          (packet.flags() & avcodec.AV_PKT_FLAG_KEY) == 0 ? null : renewedHeaders(changed, packet);
      if (renewed != null) {
        replaceHeaders(changed, renewed);
        isNew = true;
      }
      return isNew ? sized(changed, packet) : null;
    } finally {
      avcodec.avcodec_parameters_free(changed);
    }
  }

  private static byte[] headers(AVCodecParameters known) {
    return bytes(known.extradata(), known.extradata_size());
  }

  private static byte[] bytes(@Nullable BytePointer data, long size) {
    byte[] bytes = new byte[data == null || data.isNull() ? 0 : (int) Math.max(0, size)];
    if (bytes.length > 0 && data != null) {
      data.get(bytes);
    }
    return bytes;
  }

  private static byte @Nullable [] renewedHeaders(AVCodecParameters known, AVPacket keyframe) {
    return CodecHeaders.renewed(
        known.codec_id(),
        headers(known),
        bytes(keyframe.data(), Math.min(keyframe.size(), CodecHeaders.HEAD_BYTES)));
  }

  private static @Nullable TrackFormat sized(AVCodecParameters known, AVPacket keyframe) {
    parse(known, keyframe);
    if (known.width() <= 0 || known.height() <= 0) {
      // VP9's parser, for one, leaves the size to the decoder.
      decode(known, keyframe);
    }
    return known.width() > 0 && known.height() > 0 ? TrackFormat.of(known) : null;
  }

  private static void parse(AVCodecParameters known, AVPacket first) {
    AVCodecParserContext parser = avcodec.av_parser_init(known.codec_id());
    AVCodecContext context = avcodec.avcodec_alloc_context3(null);
    try {
      if (parser != null && !parser.isNull()) {
        parse(known, first, parser, context);
      }
    } finally {
      if (parser != null) {
        avcodec.av_parser_close(parser);
      }
      avcodec.avcodec_free_context(context);
    }
  }

  /** Decodes one frame, once in a stream's life: 10 to 30 ms. */
  private static void decode(AVCodecParameters known, AVPacket keyframe) {
    AVCodec decoder = avcodec.avcodec_find_decoder(known.codec_id());
    if (decoder == null || decoder.isNull()) {
      return;
    }
    AVCodecContext context = avcodec.avcodec_alloc_context3(decoder);
    AVFrame frame = avutil.av_frame_alloc();
    try {
      avcodec.avcodec_parameters_to_context(context, known);
      context.thread_count(1);
      context.flags(context.flags() | avcodec.AV_CODEC_FLAG_LOW_DELAY);
      if (avcodec.avcodec_open2(context, decoder, (PointerPointer<?>) null) < 0
          || avcodec.avcodec_send_packet(context, keyframe) < 0) {
        return;
      }
      avcodec.avcodec_send_packet(context, null);
      if (avcodec.avcodec_receive_frame(context, frame) < 0) {
        return;
      }
      known.width(frame.width());
      known.height(frame.height());
      known.format(frame.format());
      known.profile(context.profile());
      known.color_range(frame.color_range());
      known.color_primaries(frame.color_primaries());
      known.color_trc(frame.color_trc());
      known.color_space(frame.colorspace());
    } finally {
      avutil.av_frame_free(frame);
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
      BytePointer headers = AudioFormatWatch.newHeaders(packet);
      if (headers != null) {
        replaceHeaders(changed, bytes(headers, headers.capacity()));
      }
      return audio(changed, packet);
    } finally {
      avcodec.avcodec_parameters_free(changed);
    }
  }

  private static void replaceHeaders(AVCodecParameters changed, byte[] headers) {
    BytePointer copy =
        new BytePointer(
            avutil.av_mallocz(headers.length + (long) avcodec.AV_INPUT_BUFFER_PADDING_SIZE));
    copy.put(headers, 0, headers.length);
    avutil.av_free(changed.extradata());
    changed.extradata(copy);
    changed.extradata_size(headers.length);
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
