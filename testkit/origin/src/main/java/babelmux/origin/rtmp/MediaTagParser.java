package babelmux.origin.rtmp;

import babelmux.origin.rtmp.MediaTag.Role;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Reads tag headers, and refuses what MediaMTX refuses, so that no test passes only here. */
public final class MediaTagParser {
  private static final Set<String> VIDEO_CODECS = Set.of("avc1", "hvc1", "av01", "vp09");
  private static final Set<String> AUDIO_CODECS = Set.of("mp4a", "Opus", "fLaC", ".mp3", "ac-3");
  private static final int KEYFRAME = 1;

  private MediaTagParser() {}

  /** The header of an audio or video message. */
  public static MediaTag parse(RtmpMessage message) throws RtmpProtocolException {
    byte[] body = message.body();
    boolean video = message.type() == MessageType.VIDEO;
    require(body, 1);
    boolean enhanced = video ? (body[0] & 0x80) != 0 : (body[0] & 0xF0) == 0x90;
    if (enhanced) {
      return enhanced(body, video);
    }
    return video ? classicVideo(body) : classicAudio(body);
  }

  private static MediaTag classicVideo(byte[] body) throws RtmpProtocolException {
    require(body, 5);
    int id = body[0] & 0x0F;
    String codec =
        switch (id) {
          case 7 -> "avc1";
          case 12 -> "hvc1";
          default -> throw new RtmpProtocolException("unsupported video codec: " + id);
        };
    Role role =
        switch (body[1]) {
          case 0 -> Role.CONFIG;
          case 1 -> (body[0] & 0xFF) >> 4 == KEYFRAME ? Role.KEYFRAME : Role.FRAME;
          case 2 -> Role.END;
          default ->
              throw new RtmpProtocolException(
                  "unsupported video message type: " + (body[1] & 0xFF));
        };
    require(body, role == Role.END ? 5 : 6);
    return new MediaTag(true, role, 0, codec, false, 5);
  }

  private static MediaTag classicAudio(byte[] body) throws RtmpProtocolException {
    require(body, 2);
    int id = (body[0] & 0xFF) >> 4;
    String codec =
        switch (id) {
          case 2 -> ".mp3";
          case 3 -> "lpcm";
          case 7, 8 -> "g711";
          case 10 -> "mp4a";
          default -> throw new RtmpProtocolException("unsupported audio codec: " + id);
        };
    if (id != 10) {
      return new MediaTag(false, Role.FRAME, 0, codec, false, 1);
    }
    return switch (body[1]) {
      case 0 -> new MediaTag(false, Role.CONFIG, 0, codec, false, 2);
      case 1 -> {
        require(body, 3);
        yield new MediaTag(false, Role.FRAME, 0, codec, false, 2);
      }
      default ->
          throw new RtmpProtocolException("unsupported audio message type: " + (body[1] & 0xFF));
    };
  }

  private static MediaTag enhanced(byte[] body, boolean video) throws RtmpProtocolException {
    int packetType = body[0] & 0x0F;
    boolean multitrack = packetType == (video ? 6 : 5);
    int track = 0;
    int fourCcAt = 1;
    if (multitrack) {
      require(body, 7);
      if ((body[1] & 0xFF) >> 4 != 0) {
        throw new RtmpProtocolException("unsupported multitrack type: " + ((body[1] & 0xFF) >> 4));
      }
      packetType = body[1] & 0x0F;
      fourCcAt = 2;
      track = body[6] & 0xFF;
    }
    require(body, fourCcAt + 4);
    String codec = new String(body, fourCcAt, 4, StandardCharsets.US_ASCII);
    if (!(video ? VIDEO_CODECS : AUDIO_CODECS).contains(codec)) {
      throw new RtmpProtocolException("unsupported fourCC: " + printable(codec));
    }
    Role role = video ? videoRole(packetType, body[0]) : audioRole(packetType);
    return new MediaTag(video, role, track, codec, true, fourCcAt + 4 + (multitrack ? 1 : 0));
  }

  private static Role videoRole(int packetType, byte first) throws RtmpProtocolException {
    return switch (packetType) {
      case 0 -> Role.CONFIG;
      case 1, 3 -> (first & 0x70) >> 4 == KEYFRAME ? Role.KEYFRAME : Role.FRAME;
      case 2 -> Role.END;
      case 4 -> Role.DESCRIPTION;
      default -> throw new RtmpProtocolException("unsupported video extended type: " + packetType);
    };
  }

  private static Role audioRole(int packetType) throws RtmpProtocolException {
    return switch (packetType) {
      case 0 -> Role.CONFIG;
      case 1 -> Role.FRAME;
      case 2 -> Role.END;
      case 4 -> Role.DESCRIPTION;
      default -> throw new RtmpProtocolException("unsupported audio extended type: " + packetType);
    };
  }

  private static void require(byte[] body, int count) throws RtmpProtocolException {
    if (body.length < count) {
      throw new RtmpProtocolException(
          "media message of " + body.length + " bytes, expected at least " + count);
    }
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }
}
