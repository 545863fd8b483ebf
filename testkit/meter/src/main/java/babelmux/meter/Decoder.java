package babelmux.meter;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import java.io.IOException;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** Decodes one stream. One thread; {@link #close()} frees the codec. */
final class Decoder implements AutoCloseable {
  @FunctionalInterface
  interface FrameSink {
    /** The frame is valid during the call only; its times are in the stream's time base. */
    void accept(AVFrame frame) throws IOException;
  }

  private final AVCodecContext context;
  private final AVFrame frame;
  private final FrameSink sink;
  private int errors;

  private Decoder(AVCodecContext context, FrameSink sink) {
    this.context = context;
    this.frame = av_frame_alloc();
    this.sink = sink;
  }

  static Decoder of(AVStream stream, FrameSink sink) throws IOException {
    AVCodec codec = avcodec_find_decoder(stream.codecpar().codec_id());
    if (codec == null) {
      throw new IOException("no decoder for " + MediaFile.codec(stream));
    }
    AVCodecContext context = avcodec_alloc_context3(codec);
    int status = avcodec_parameters_to_context(context, stream.codecpar());
    // The decoder needs it to cut the priming that the container announces off the right frame.
    context.pkt_timebase(stream.time_base());
    if (status >= 0) {
      status = avcodec_open2(context, codec, (PointerPointer<?>) null);
    }
    if (status < 0) {
      avcodec_free_context(context);
      throw new IOException(
          "decoder for " + MediaFile.codec(stream) + ": " + MediaFile.reason(status));
    }
    return new Decoder(context, sink);
  }

  /**
   * Decodes a packet; null drains what the decoder still holds. A damaged packet is counted and
   * left out.
   */
  void decode(@Nullable AVPacket packet) throws IOException {
    if (avcodec_send_packet(context, packet) < 0) {
      errors++;
    }
    while (avcodec_receive_frame(context, frame) >= 0) {
      sink.accept(frame);
      av_frame_unref(frame);
    }
  }

  int errors() {
    return errors;
  }

  @Override
  public void close() {
    av_frame_free(frame);
    avcodec_free_context(context);
  }
}
