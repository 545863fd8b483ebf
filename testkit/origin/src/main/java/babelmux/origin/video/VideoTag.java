package babelmux.origin.video;

import babelmux.origin.rtmp.MediaTag;
import babelmux.origin.rtmp.MessageType;
import babelmux.origin.rtmp.RtmpMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Video messages in the forms that MediaMTX writes: H.264 of track 0 in the classic form, all else
 * in the enhanced form and there without a keyframe flag.
 */
final class VideoTag {
  private static final int CHUNK_STREAM = 6;
  private static final int ENHANCED = 0x80;
  private static final int MULTITRACK = 6;
  private static final int CLASSIC_KEYFRAME = 0x17;
  private static final int CLASSIC_FRAME = 0x27;
  private static final int SEQUENCE_START = 0;
  private static final int CODED_FRAMES = 1;
  private static final int CODED_FRAMES_X = 3;

  /** Start of a message's payload, and how much later than decoded it is shown. */
  record Layout(int payloadAt, int compositionMs) {
    byte[] payload(RtmpMessage message) {
      byte[] body = message.body();
      return Arrays.copyOfRange(body, Math.min(payloadAt, body.length), body.length);
    }
  }

  private VideoTag() {}

  static Layout layout(MediaTag tag, RtmpMessage message) {
    byte[] body = message.body();
    if (!tag.enhanced()) {
      return new Layout(5, composition(body, 2));
    }
    int packetType = (body[0] & 0x0F) == MULTITRACK ? body[1] & 0x0F : body[0] & 0x0F;
    boolean timed = packetType == CODED_FRAMES && hasNals(tag.codec());
    int at = tag.configOffset();
    return timed ? new Layout(at + 3, composition(body, at)) : new Layout(at, 0);
  }

  static boolean hasNals(String codec) {
    return codec.equals("avc1") || codec.equals("hvc1");
  }

  /** Signed 24 bits; 0 where the message ends before. */
  private static int composition(byte[] body, int at) {
    return body.length < at + 3
        ? 0
        : body[at] << 16 | (body[at + 1] & 0xFF) << 8 | (body[at + 2] & 0xFF);
  }

  static RtmpMessage picture(Picture picture, long timestampMs, int compositionMs) {
    boolean classic = picture.codec().equals("avc1") && picture.track() == 0;
    boolean timed = hasNals(picture.codec()) && (classic || compositionMs != 0);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (classic) {
      body.write(picture.randomAccess() ? CLASSIC_KEYFRAME : CLASSIC_FRAME);
      body.write(1);
    } else {
      enhanced(body, timed ? CODED_FRAMES : CODED_FRAMES_X, picture.codec(), picture.track());
    }
    if (timed) {
      body.write(compositionMs >> 16);
      body.write(compositionMs >> 8);
      body.write(compositionMs);
    }
    body.writeBytes(picture.payload().bytes());
    return new RtmpMessage(MessageType.VIDEO, CHUNK_STREAM, 1, timestampMs, body.toByteArray());
  }

  static RtmpMessage header(String codec, int track, byte[] config) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (codec.equals("avc1") && track == 0) {
      body.writeBytes(new byte[] {CLASSIC_KEYFRAME, 0, 0, 0, 0});
    } else {
      enhanced(body, SEQUENCE_START, codec, track);
    }
    body.writeBytes(config);
    return new RtmpMessage(MessageType.VIDEO, CHUNK_STREAM, 1, 0, body.toByteArray());
  }

  private static void enhanced(
      ByteArrayOutputStream body, int packetType, String codec, int track) {
    byte[] fourCc = codec.getBytes(StandardCharsets.US_ASCII);
    if (track == 0) {
      body.write(ENHANCED | packetType);
      body.writeBytes(fourCc);
    } else {
      body.write(ENHANCED | MULTITRACK);
      body.write(packetType);
      body.writeBytes(fourCc);
      body.write(track);
    }
  }
}
