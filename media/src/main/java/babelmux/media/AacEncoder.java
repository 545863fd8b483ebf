package babelmux.media;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * One continuous AAC-LC encoding. Restarting an encoder leaves a hole of its priming, so an output
 * keeps one for its life. One thread.
 */
public final class AacEncoder implements AutoCloseable {
  /** Samples of each channel in one frame. */
  public static final int FRAME_SAMPLES = 1024;

  /** Frames that have to be encoded behind one before it comes out. */
  public static final int HELD_FRAMES = 2;

  /**
   * A coded frame.
   *
   * @param packet the receiver's to close
   * @param startSample the frame's first sample, decoded: the first frame begins before the sample
   *     that was encoded first, by the encoder's priming
   */
  public record Encoded(Packet packet, long startSample) {}

  private final AVCodecContext context;
  private final AVFrame frame = avutil.av_frame_alloc();
  private final AVPacket packet = avcodec.av_packet_alloc();
  private final AVRational timeBase = new AVRational();
  private final TrackFormat format;
  private boolean closed;

  /**
   * @param bitRate bits per second
   * @throws MediaException UNSUPPORTED or INVALID when AAC has no such rate or channel count
   */
  public AacEncoder(int sampleRate, int channels, int bitRate) throws MediaException {
    Natives.opened();
    AVCodec encoder = avcodec.avcodec_find_encoder(avcodec.AV_CODEC_ID_AAC);
    context = avcodec.avcodec_alloc_context3(encoder);
    try {
      context.sample_fmt(avutil.AV_SAMPLE_FMT_FLTP);
      context.sample_rate(sampleRate);
      avutil.av_channel_layout_default(context.ch_layout(), channels);
      context.bit_rate(bitRate);
      context.time_base().num(1).den(sampleRate);
      context.flags(context.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
      context.thread_count(1);
      timeBase.num(1).den(sampleRate);
      // Half the time of the default coder, and nearer to what went in: docs/benchmarks.md,
      // "Coder".
      avutil.av_opt_set(context.priv_data(), "aac_coder", "fast", 0);
      MediaException.check(
          avcodec.avcodec_open2(context, encoder, (PointerPointer<?>) null),
          "cannot encode AAC at " + sampleRate + " Hz, " + channels + " channels");
      format = TrackFormat.of(context);
    } catch (MediaException | RuntimeException | Error e) {
      release();
      throw e;
    }
  }

  /** The format to give to a muxer; stays this encoder's. */
  public TrackFormat format() {
    return format;
  }

  /**
   * Encodes one frame.
   *
   * @param sound {@link #FRAME_SAMPLES} samples, fewer only in the very last call before {@link
   *     #finish()}
   * @param startSample the position of its first sample; positions are continuous
   * @return the coded frames that are ready, none or one as a rule
   */
  public List<Encoded> encode(Sound sound, long startSample) throws MediaException {
    avutil.av_frame_unref(frame);
    frame.format(avutil.AV_SAMPLE_FMT_FLTP);
    frame.nb_samples(sound.frames());
    frame.sample_rate(context.sample_rate());
    avutil.av_channel_layout_copy(frame.ch_layout(), context.ch_layout());
    frame.pts(startSample);
    MediaException.check(avutil.av_frame_get_buffer(frame, 0), "a frame for the encoder");
    float[][] channels = sound.channels();
    for (int c = 0; c < channels.length; c++) {
      @SuppressWarnings("resource") // a view of the frame's memory
      FloatPointer plane = new FloatPointer(frame.extended_data(c));
      plane.put(channels[c]);
    }
    MediaException.check(avcodec.avcodec_send_frame(context, frame), "encoding AAC");
    return receive();
  }

  /** The frames that the encoder still holds. Nothing can be encoded afterwards. */
  public List<Encoded> finish() throws MediaException {
    MediaException.check(avcodec.avcodec_send_frame(context, null), "ending AAC");
    return receive();
  }

  private List<Encoded> receive() throws MediaException {
    List<Encoded> out = new ArrayList<>(1);
    while (true) {
      int result = avcodec.avcodec_receive_packet(context, packet);
      if (result == avutil.AVERROR_EAGAIN() || result == avutil.AVERROR_EOF) {
        return out;
      }
      MediaException.check(result, "encoding AAC");
      long startSample = packet.pts();
      out.add(new Encoded(Packet.take(packet, TrackKind.AUDIO, timeBase), startSample));
    }
  }

  @Override
  public void close() {
    if (!closed) {
      format.close();
      release();
    }
  }

  private void release() {
    closed = true;
    avutil.av_frame_free(frame);
    avcodec.av_packet_free(packet);
    avcodec.avcodec_free_context(context);
    Natives.closed();
  }
}
