package babelmux.media;

import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Makes the script tag {@code onMetaData} once more that FFmpeg's FLV muxer writes in its header.
 * The muxer writes it again only with a packet, so a second muxer of the same tracks writes it to
 * memory.
 */
final class FlvMetadata {
  // The FLV header and the size of the tag before the first one.
  private static final int FILE_HEADER = 13;
  private static final int TAG_HEADER = 11;
  private static final int TAG_END = 4;
  private static final byte SCRIPT = 18;

  private FlvMetadata() {}

  /**
   * The whole tag, at time 0.
   *
   * @param running an FLV muxer whose header is written
   */
  static byte[] tagOf(AVFormatContext running) throws MediaException {
    AVFormatContext context = new AVFormatContext(null);
    MediaException.check(
        avformat.avformat_alloc_output_context2(context, null, "flv", null), "no muxer flv");
    try {
      for (int i = 0; i < running.nb_streams(); i++) {
        AVStream stream = avformat.avformat_new_stream(context, null);
        AVCodecParameters parameters = stream.codecpar();
        avcodec.avcodec_parameters_copy(parameters, running.streams(i).codecpar());
        parameters.codec_tag(0);
      }
      return scriptTag(header(context));
    } finally {
      avformat.avformat_free_context(context);
    }
  }

  private static byte[] header(AVFormatContext context) throws MediaException {
    AVIOContext io = new AVIOContext(null);
    MediaException.check(avformat.avio_open_dyn_buf(io), "memory for metadata");
    context.pb(io);
    AVDictionary settings = new AVDictionary((Pointer) null);
    avutil.av_dict_set(settings, "flvflags", "no_duration_filesize", 0);
    int result = avformat.avformat_write_header(context, settings);
    avutil.av_dict_free(settings);
    try (PointerPointer<BytePointer> holder = new PointerPointer<>(1)) {
      byte[] bytes = new byte[Math.max(0, avformat.avio_close_dyn_buf(io, holder))];
      context.pb(null);
      BytePointer buffer = holder.get(BytePointer.class, 0);
      if (buffer != null && !buffer.isNull()) {
        buffer.get(bytes);
        avutil.av_free((Pointer) buffer);
      }
      MediaException.check(result, "writing metadata");
      return bytes;
    }
  }

  private static byte[] scriptTag(byte[] header) throws MediaException {
    if (header.length < FILE_HEADER + TAG_HEADER || header[FILE_HEADER] != SCRIPT) {
      throw new MediaException(
          MediaException.Kind.UNSUPPORTED, "the muxer's header does not begin with metadata");
    }
    int size = 0;
    for (int i = 1; i <= 3; i++) {
      size = (size << 8) | (header[FILE_HEADER + i] & 0xff);
    }
    byte[] tag = new byte[TAG_HEADER + size + TAG_END];
    System.arraycopy(header, FILE_HEADER, tag, 0, tag.length);
    return tag;
  }
}
