package babelmux.media;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * One coded packet. Whoever holds it closes it; {@link #share()} gives another holder the same
 * bytes without copying them. Its times are those of its source, in microseconds; its contents
 * never change, so any thread may read it.
 */
public final class Packet implements AutoCloseable {
  private static final AVRational MICROSECONDS = new AVRational().num(1).den(avutil.AV_TIME_BASE);

  /** FFmpeg's packet, freed with its last holder. */
  private static final class Shared {
    final AVPacket packet;
    final int size;
    final boolean key;
    final AtomicInteger holders = new AtomicInteger(1);

    Shared(AVPacket packet) {
      this.packet = packet;
      // Asked for several times by each destination, and each time a call into native code.
      this.size = packet.size();
      this.key = (packet.flags() & avcodec.AV_PKT_FLAG_KEY) != 0;
    }

    void release() {
      if (holders.decrementAndGet() == 0) {
        avcodec.av_packet_free(packet);
      }
    }
  }

  private final Shared shared;
  private final TrackKind kind;
  private final long ptsUs;
  private final long dtsUs;
  private final long durationUs;
  private final AtomicBoolean open = new AtomicBoolean(true);

  private Packet(Shared shared, TrackKind kind, long ptsUs, long dtsUs, long durationUs) {
    this.shared = shared;
    this.kind = kind;
    this.ptsUs = ptsUs;
    this.dtsUs = dtsUs;
    this.durationUs = durationUs;
    Natives.opened();
  }

  /** Takes the contents out of {@code from}, which is empty and reusable afterwards. */
  static Packet take(AVPacket from, TrackKind kind, AVRational timeBase) {
    long pts = from.pts() == avutil.AV_NOPTS_VALUE ? from.dts() : from.pts();
    long dts = from.dts() == avutil.AV_NOPTS_VALUE ? from.pts() : from.dts();
    return take(from, kind, timeBase, pts, dts);
  }

  /** The same with a decoding time that the caller knows better. */
  static Packet take(AVPacket from, TrackKind kind, AVRational timeBase, long pts, long dts) {
    AVPacket packet = avcodec.av_packet_alloc();
    avcodec.av_packet_move_ref(packet, from);
    return new Packet(
        new Shared(packet),
        kind,
        toUs(pts, timeBase),
        toUs(dts, timeBase),
        toUs(packet.duration(), timeBase));
  }

  private static long toUs(long value, AVRational timeBase) {
    return avutil.av_rescale_q(value, timeBase, MICROSECONDS);
  }

  /** Another owner of the same bytes. */
  public Packet share() {
    shared.holders.incrementAndGet();
    return new Packet(shared, kind, ptsUs, dtsUs, durationUs);
  }

  public TrackKind kind() {
    return kind;
  }

  /** Presentation time, microseconds of the source. */
  public long ptsUs() {
    return ptsUs;
  }

  /** Decoding time, microseconds of the source. */
  public long dtsUs() {
    return dtsUs;
  }

  /** Microseconds; 0 where the container does not tell. */
  public long durationUs() {
    return durationUs;
  }

  /** Returns whether decoding can start here. */
  public boolean key() {
    return shared.key;
  }

  /** Payload bytes. */
  public int size() {
    return shared.size;
  }

  /** A copy of the payload. */
  public byte[] bytes() {
    byte[] bytes = new byte[shared.size];
    shared.packet.data().get(bytes);
    return bytes;
  }

  /** A copy of the first bytes, as many as there are. */
  byte[] head(int most) {
    byte[] bytes = new byte[Math.min(most, shared.size)];
    shared.packet.data().get(bytes);
    return bytes;
  }

  /**
   * Returns whether something stands beside the payload that a muxer may heed, such as codec
   * headers that begin to hold.
   */
  public boolean hasSideData() {
    return shared.packet.side_data_elems() > 0;
  }

  /** Samples at the start that the container says are not to be heard (priming). */
  public int skipSamples() {
    return trim(0);
  }

  /** Samples at the end that the container says are not to be heard (padding). */
  public int discardSamples() {
    return trim(4);
  }

  private int trim(int offset) {
    if (shared.packet.side_data_elems() == 0) {
      return 0;
    }
    try (SizeTPointer size = new SizeTPointer(1)) {
      BytePointer data =
          avcodec.av_packet_get_side_data(shared.packet, avcodec.AV_PKT_DATA_SKIP_SAMPLES, size);
      if (data == null || data.isNull() || size.get() < 8) {
        return 0;
      }
      int value = 0;
      for (int i = 3; i >= 0; i--) {
        value = value << 8 | (data.get(offset + i) & 0xff);
      }
      return Math.max(0, value);
    }
  }

  AVPacket avPacket() {
    return shared.packet;
  }

  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      shared.release();
      Natives.closed();
    }
  }
}
