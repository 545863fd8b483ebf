package babelmux.media;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
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

/** Muxes one track of audio into memory. One thread. */
final class MemoryOutput implements AutoCloseable {
  private final AVFormatContext context;
  private final AVPacket packet;
  private final int sampleRate;
  private boolean closed;

  MemoryOutput(String muxer, TrackFormat format) throws MediaException {
    sampleRate = format.sampleRate();
    Natives.opened();
    packet = avcodec.av_packet_alloc();
    context = new AVFormatContext(null);
    try {
      MediaException.check(
          avformat.avformat_alloc_output_context2(context, null, muxer, null), "no muxer " + muxer);
      AVStream stream = avformat.avformat_new_stream(context, null);
      avcodec.avcodec_parameters_copy(stream.codecpar(), format.parameters());
      stream.codecpar().codec_tag(0);
      stream.time_base().num(1).den(sampleRate);
      AVIOContext io = new AVIOContext(null);
      MediaException.check(avformat.avio_open_dyn_buf(io), "memory for " + muxer);
      context.pb(io);
      begin(muxer);
    } catch (MediaException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** An edit list counts in the movie's time scale, milliseconds unless told. */
  private void begin(String muxer) throws MediaException {
    AVDictionary options = new AVDictionary((Pointer) null);
    try {
      avutil.av_dict_set_int(options, "movie_timescale", sampleRate, 0);
      MediaException.check(avformat.avformat_write_header(context, options), "beginning " + muxer);
    } finally {
      avutil.av_dict_free(options);
    }
  }

  /**
   * @param source stays the caller's
   * @param startSample its position; negative positions are before what is heard
   * @param frames how many of its samples count
   */
  void write(Packet source, long startSample, int frames) throws MediaException {
    MediaException.check(avcodec.av_packet_ref(packet, source.avPacket()), "sharing a packet");
    // The source's own trimming does not hold here.
    avcodec.av_packet_free_side_data(packet);
    AVStream stream = context.streams(0);
    packet.stream_index(0);
    packet.pos(-1);
    packet.pts(startSample);
    packet.dts(startSample);
    packet.duration(frames);
    if (stream.time_base().den() != sampleRate) {
      throw new MediaException(MediaException.Kind.UNSUPPORTED, "the muxer does not count samples");
    }
    int result = avformat.av_write_frame(context, packet);
    avcodec.av_packet_unref(packet);
    MediaException.check(result, "writing audio");
  }

  byte[] finish() throws MediaException {
    MediaException.check(avformat.av_write_trailer(context), "ending audio");
    return takeBuffer();
  }

  private byte[] takeBuffer() {
    AVIOContext io = context.pb();
    if (io == null || io.isNull()) {
      return new byte[0];
    }
    try (PointerPointer<BytePointer> holder = new PointerPointer<>(1)) {
      int size = avformat.avio_close_dyn_buf(io, holder);
      context.pb(null);
      BytePointer buffer = holder.get(BytePointer.class, 0);
      byte[] bytes = new byte[Math.max(0, size)];
      if (buffer != null && !buffer.isNull()) {
        buffer.get(bytes);
        avutil.av_free((Pointer) buffer);
      }
      return bytes;
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (!context.isNull()) {
      takeBuffer();
      avformat.avformat_free_context(context);
    }
    avcodec.av_packet_free(packet);
    Natives.closed();
  }
}
