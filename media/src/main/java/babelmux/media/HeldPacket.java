package babelmux.media;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;

/**
 * Holds a track's last packet back until the next one tells how long it lasts: a fragment of MP4
 * says how long its last packet is, and the next fragment begins there. One thread; its owner
 * closes it.
 */
final class HeldPacket implements AutoCloseable {
  private final AVPacket held = avcodec.av_packet_alloc();
  private final AVPacket next = avcodec.av_packet_alloc();
  private boolean there;
  private long lastDuration;

  /**
   * Keeps a packet and gives the one before it.
   *
   * @param packet holds the one before afterwards, with its duration, or nothing
   * @return false when there was none before
   */
  boolean exchange(AVPacket packet) {
    avcodec.av_packet_move_ref(next, packet);
    boolean before = there;
    if (before) {
      lastDuration = Math.max(0, next.dts() - held.dts());
      held.duration(lastDuration);
      avcodec.av_packet_move_ref(packet, held);
    }
    avcodec.av_packet_move_ref(held, next);
    there = true;
    return before;
  }

  /**
   * Gives the last packet.
   *
   * @param packet holds it afterwards, or nothing
   * @return false when there is none
   */
  boolean take(AVPacket packet) {
    if (!there) {
      return false;
    }
    there = false;
    if (held.duration() == 0) {
      held.duration(lastDuration);
    }
    avcodec.av_packet_move_ref(packet, held);
    return true;
  }

  @Override
  public void close() {
    avcodec.av_packet_free(held);
    avcodec.av_packet_free(next);
  }
}
