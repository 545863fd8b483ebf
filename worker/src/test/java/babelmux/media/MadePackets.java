package babelmux.media;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;

/** Packets with times of the test's own. Here because only this package may make packets. */
public final class MadePackets {
  private static final AVRational MICROSECONDS = new AVRational().num(1).den(1_000_000);

  private MadePackets() {}

  /**
   * Another owner of a packet's bytes, at other times.
   *
   * @param template stays the caller's
   * @param ptsUs microseconds
   * @param dtsUs microseconds
   */
  public static Packet at(Packet template, long ptsUs, long dtsUs) {
    AVPacket copy = avcodec.av_packet_clone(template.avPacket());
    try {
      return Packet.take(copy, template.kind(), MICROSECONDS, ptsUs, dtsUs);
    } finally {
      avcodec.av_packet_free(copy);
    }
  }
}
