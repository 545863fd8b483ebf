package babelmux.media;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Decodes one track's audio, packet by packet, and tells where on the caller's sample count each
 * piece belongs. What the container wants skipped is not skipped here: the caller counts it. One
 * thread.
 */
public final class AudioStreamDecoder implements AutoCloseable {
  /** Receives decoded audio. */
  @FunctionalInterface
  public interface Receiver {
    /**
     * @param startSample where the first sample belongs, on the count given to {@link
     *     AudioStreamDecoder#decode}
     * @param sound at the decoder's own rate, in mono, stereo or 5.1; the receiver's to keep
     */
    void sound(long startSample, Sound sound);
  }

  private final AVCodecContext context;
  private final AVFrame frame = avutil.av_frame_alloc();
  private final AVPacket scratch = avcodec.av_packet_alloc();
  private boolean closed;

  /**
   * @throws MediaException UNSUPPORTED when there is no decoder for the codec
   */
  public AudioStreamDecoder(TrackFormat format) throws MediaException {
    Natives.opened();
    context = avcodec.avcodec_alloc_context3(null);
    try {
      AVCodec decoder = avcodec.avcodec_find_decoder(format.parameters().codec_id());
      if (decoder == null || decoder.isNull()) {
        throw new MediaException(
            MediaException.Kind.UNSUPPORTED, "no decoder for " + format.codec() + " audio");
      }
      avcodec.avcodec_parameters_to_context(context, format.parameters());
      context.thread_count(1);
      context.flags2(context.flags2() | avcodec.AV_CODEC_FLAG2_SKIP_MANUAL);
      context.pkt_timebase().num(1).den(Math.max(1, format.sampleRate()));
      MediaException.check(
          avcodec.avcodec_open2(context, decoder, (PointerPointer<?>) null),
          "cannot decode " + format.codec());
    } catch (MediaException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Decodes one packet.
   *
   * @param packet stays the caller's
   * @param startSample where its audio belongs
   * @return false when the packet could not be decoded
   */
  public boolean decode(Packet packet, long startSample, Receiver receiver) {
    if (avcodec.av_packet_ref(scratch, packet.avPacket()) < 0) {
      return false;
    }
    scratch.pts(startSample);
    scratch.dts(startSample);
    int result = avcodec.avcodec_send_packet(context, scratch);
    avcodec.av_packet_unref(scratch);
    if (result < 0) {
      return false;
    }
    return drain(startSample, receiver);
  }

  private boolean drain(long startSample, Receiver receiver) {
    while (true) {
      int result = avcodec.avcodec_receive_frame(context, frame);
      if (result == avutil.AVERROR_EAGAIN() || result == avutil.AVERROR_EOF) {
        return true;
      }
      if (result < 0) {
        return false;
      }
      long at = frame.pts() == avutil.AV_NOPTS_VALUE ? startSample : frame.pts();
      Sound sound = HeardLayout.copyOut(frame);
      avutil.av_frame_unref(frame);
      if (sound == null) {
        return false;
      }
      receiver.sound(at, sound);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      avutil.av_frame_free(frame);
      avcodec.av_packet_free(scratch);
      avcodec.avcodec_free_context(context);
      Natives.closed();
    }
  }
}
