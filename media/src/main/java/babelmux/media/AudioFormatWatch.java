package babelmux.media;

import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.jspecify.annotations.Nullable;

/**
 * Sees when an audio track goes on in another format: new codec headers beside a packet, or another
 * rate or layout in the packets' own headers (ADTS, MPEG audio). One thread.
 */
final class AudioFormatWatch {
  private static final int UNKNOWN = -1;

  private int last = UNKNOWN;

  /** Returns whether the format must be found out again with this packet. */
  boolean isNew(AVCodecParameters known, AVPacket packet) {
    return signature(known, packet) != last || hasSideData(packet);
  }

  /** The format was found out with this packet. */
  void found(AVCodecParameters known, AVPacket packet) {
    last = signature(known, packet);
  }

  /** The parts of a packet's own header that tell rate and layout; 0 when it has none. */
  private static int signature(AVCodecParameters known, AVPacket packet) {
    if (packet.size() < 4) {
      return 0;
    }
    BytePointer data = packet.data();
    int b0 = data.get(0) & 0xff;
    int b1 = data.get(1) & 0xff;
    int b2 = data.get(2) & 0xff;
    int b3 = data.get(3) & 0xff;
    boolean sync = b0 == 0xff && (b1 & 0xe0) == 0xe0;
    int codec = known.codec_id();
    if (codec == avcodec.AV_CODEC_ID_AAC && sync && (b1 & 0xf6) == 0xf0) {
      return (b2 & 0xfd) << 8 | (b3 & 0xc0);
    }
    if (codec == avcodec.AV_CODEC_ID_MP3 && sync) {
      // The stereo modes change from frame to frame.
      return (b1 & 0x1e) << 16 | (b2 & 0x0c) << 8 | ((b3 & 0xc0) == 0xc0 ? 1 : 2);
    }
    return 0;
  }

  private static boolean hasSideData(AVPacket packet) {
    return sideData(packet, avcodec.AV_PKT_DATA_NEW_EXTRADATA) != null
        || sideData(packet, avcodec.AV_PKT_DATA_PARAM_CHANGE) != null;
  }

  /** The codec headers that begin to hold with this packet, a view of its memory; or null. */
  static @Nullable BytePointer newHeaders(AVPacket packet) {
    return sideData(packet, avcodec.AV_PKT_DATA_NEW_EXTRADATA);
  }

  private static @Nullable BytePointer sideData(AVPacket packet, int type) {
    if (packet.side_data_elems() == 0) {
      return null;
    }
    try (SizeTPointer size = new SizeTPointer(1)) {
      BytePointer data = avcodec.av_packet_get_side_data(packet, type, size);
      return data == null || data.isNull() ? null : data.capacity(size.get());
    }
  }
}
