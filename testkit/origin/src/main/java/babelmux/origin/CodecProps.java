package babelmux.origin;

import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Properties of a track that the Control API tells, read from its configuration. Width and height
 * are the metadata's: pictures are not looked into here.
 */
final class CodecProps {
  private static final int[] SAMPLE_RATES = {
    96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350
  };

  private CodecProps() {}

  /** Null where MediaMTX has no properties. */
  static @Nullable JsonObject of(Track track, CodecHeaders headers) {
    byte[] config = config(track, headers);
    return switch (track.codec()) {
      case "avc1" ->
          picture(headers)
              .put("profile", config.length > 3 ? h264Profile(config[1] & 0xFF) : "")
              .put("level", config.length > 3 ? level(config[3] & 0xFF, 10) : "");
      case "hvc1" ->
          picture(headers)
              .put("profile", config.length > 12 && (config[1] & 0x1F) == 1 ? "Main" : "")
              .put("level", config.length > 12 ? level(config[12] & 0xFF, 30) : "");
      case "av01" -> picture(headers).put("profile", 0).put("level", 0).put("tier", 0);
      case "vp09" -> new JsonObject().put("profile", 0);
      case "Opus" -> new JsonObject().put("channelCount", config.length > 9 ? config[9] & 0xFF : 2);
      case "mp4a" -> aac(config);
      default -> null;
    };
  }

  /** Sample rate of an AAC track in Hz, 0 when it is not known. */
  static int sampleRate(Track track, CodecHeaders headers) {
    byte[] config = config(track, headers);
    return config.length < 2 ? 0 : aacRate(config);
  }

  private static int aacRate(byte[] config) {
    int index = (config[0] & 0x07) << 1 | (config[1] & 0x80) >> 7;
    return index < SAMPLE_RATES.length ? SAMPLE_RATES[index] : 0;
  }

  private static byte[] config(Track track, CodecHeaders headers) {
    CodecHeaders.Header header = headers.config(track);
    if (header == null) {
      return new byte[0];
    }
    byte[] body = header.message().body();
    return Arrays.copyOfRange(
        body, Math.min(header.tag().configOffset(), body.length), body.length);
  }

  private static JsonObject picture(CodecHeaders headers) {
    return new JsonObject()
        .put("width", headers.metadataNumber("width"))
        .put("height", headers.metadataNumber("height"));
  }

  /** ISO 14496-3: 5 bits object type, 4 bits rate index, 4 bits channels. */
  private static JsonObject aac(byte[] config) {
    if (config.length < 2) {
      return new JsonObject().put("sampleRate", 0).put("channelCount", 0);
    }
    return new JsonObject()
        .put("sampleRate", aacRate(config))
        .put("channelCount", (config[1] & 0x78) >> 3);
  }

  private static String h264Profile(int profile) {
    return switch (profile) {
      case 66 -> "Baseline";
      case 77 -> "Main";
      case 88 -> "Extended";
      case 100 -> "High";
      case 110 -> "High 10";
      case 122 -> "High 4:2:2";
      case 244 -> "High 4:4:4 Predictive";
      default -> Integer.toString(profile);
    };
  }

  private static String level(int value, int unit) {
    int tenths = value * 10 / unit;
    return tenths % 10 == 0 ? Integer.toString(tenths / 10) : tenths / 10 + "." + tenths % 10;
  }
}
