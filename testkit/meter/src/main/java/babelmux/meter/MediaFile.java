package babelmux.meter;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * An opened media file on this machine's disk, or a stream of a server. One thread; owns the
 * demuxer, {@link #close()} frees it.
 */
final class MediaFile implements AutoCloseable {
  @FunctionalInterface
  interface PacketSink {
    /** The packet is valid during the call only. */
    void accept(AVStream stream, AVPacket packet) throws IOException;
  }

  private static final String STALL_LIMIT_US = "30000000";

  private final String name;
  private final AVFormatContext context;
  private long waitedNanos;

  private MediaFile(String name, AVFormatContext context) {
    this.name = name;
    this.context = context;
  }

  static MediaFile open(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IOException(path + ": not a file");
    }
    AVDictionary options = new AVDictionary(null);
    // A recording is data: a playlist inside it must not make the meter open anything else.
    av_dict_set(options, "protocol_whitelist", "file", 0);
    return open(path.toString(), "file:" + path.toAbsolutePath(), options);
  }

  /** A stream of an RTMP server, from now on. */
  static MediaFile follow(String rtmpUrl) throws IOException {
    AVDictionary options = new AVDictionary(null);
    av_dict_set(options, "protocol_whitelist", "rtmp,tcp", 0);
    av_dict_set(options, "rw_timeout", STALL_LIMIT_US, 0);
    // The headers tell the rate of the pictures; probing for it would hold them back for seconds.
    av_dict_set(options, "fpsprobesize", "0", 0);
    return open(rtmpUrl, rtmpUrl, options);
  }

  private static MediaFile open(String name, String url, AVDictionary options) throws IOException {
    AVFormatContext context = new AVFormatContext(null);
    int status = avformat_open_input(context, url, null, options);
    av_dict_free(options);
    if (status < 0) {
      throw new IOException(name + ": cannot be opened as media: " + reason(status));
    }
    status = avformat_find_stream_info(context, (PointerPointer<?>) null);
    if (status < 0) {
      avformat_close_input(context);
      throw new IOException(name + ": streams not found: " + reason(status));
    }
    return new MediaFile(name, context);
  }

  String container() {
    return context.iformat().name().getString();
  }

  /** The first stream that carries pictures, null if there is none. */
  @Nullable AVStream video() {
    return first(AVMEDIA_TYPE_VIDEO);
  }

  /** The first stream that carries sound, null if there is none. */
  @Nullable AVStream audio() {
    return first(AVMEDIA_TYPE_AUDIO);
  }

  List<AVStream> streams() {
    return IntStream.range(0, context.nb_streams()).mapToObj(context::streams).toList();
  }

  private @Nullable AVStream first(int type) {
    for (int i = 0; i < context.nb_streams(); i++) {
      AVStream stream = context.streams(i);
      if (stream.codecpar().codec_type() == type) {
        return stream;
      }
    }
    return null;
  }

  static String codec(AVStream stream) {
    return avcodec_get_name(stream.codecpar().codec_id()).getString();
  }

  /** Passes on every packet to the end of the file; a damaged end is the end. */
  void readAll(PacketSink sink) throws IOException {
    int status = read(sink);
    if (status != AVERROR_EOF) {
      throw new IOException(name + ": reading stopped: " + reason(status));
    }
  }

  /**
   * Passes on every packet until the reading ends, however it ends, or the thread is interrupted.
   */
  void readOn(PacketSink sink) throws IOException {
    read(
        (stream, packet) -> {
          sink.accept(stream, packet);
          if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException(name + ": interrupted");
          }
        });
  }

  private int read(PacketSink sink) throws IOException {
    AVPacket packet = av_packet_alloc();
    try {
      int status = next(packet);
      while (status >= 0) {
        sink.accept(context.streams(packet.stream_index()), packet);
        av_packet_unref(packet);
        status = next(packet);
      }
      return status;
    } finally {
      av_packet_free(packet);
    }
  }

  private int next(AVPacket packet) {
    long begin = System.nanoTime();
    int status = av_read_frame(context, packet);
    waitedNanos = System.nanoTime() - begin;
    return status;
  }

  /** Time that it took until the last packet was there, in nanoseconds. */
  long waitedNanos() {
    return waitedNanos;
  }

  static String reason(int status) {
    byte[] text = new byte[256];
    av_strerror(status, text, text.length);
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    avformat_close_input(context);
  }
}
