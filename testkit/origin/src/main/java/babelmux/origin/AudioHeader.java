package babelmux.origin;

import babelmux.origin.rtmp.MediaTag;
import babelmux.origin.rtmp.RtmpMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Decoder configurations of audio as MediaMTX writes them: AAC without what may follow, Opus new.
 */
final class AudioHeader {
  private static final int CHUNK_STREAM = 4;
  private static final int AAC_LC = 2;
  private static final int EXPLICIT_RATE = 15;
  private static final int OPUS_CHANNELS_AT = 9;
  private static final int OPUS_PRE_SKIP = 3840;

  private AudioHeader() {}

  /**
   * The header for a reader.
   *
   * @param given the publisher's
   */
  static RtmpMessage of(MediaTag tag, RtmpMessage given) {
    byte[] body = given.body();
    int at = Math.min(tag.configOffset(), body.length);
    byte[] config = Arrays.copyOfRange(body, at, body.length);
    byte[] written =
        switch (tag.codec()) {
          case "mp4a" -> aac(config);
          case "Opus" -> opus(config);
          default -> config;
        };
    byte[] whole = Arrays.copyOf(body, at + written.length);
    System.arraycopy(written, 0, whole, at, written.length);
    return new RtmpMessage(given.type(), CHUNK_STREAM, 1, 0, whole);
  }

  /** AAC-LC with a rate of the table and a layout of the table takes 2 bytes. */
  private static byte[] aac(byte[] config) {
    if (config.length < 2) {
      return config;
    }
    int rate = (config[0] & 0x07) << 1 | (config[1] & 0x80) >> 7;
    int channels = (config[1] & 0x78) >> 3;
    boolean plain = (config[0] & 0xFF) >> 3 == AAC_LC && rate != EXPLICIT_RATE && channels != 0;
    return plain ? Arrays.copyOf(config, 2) : config;
  }

  private static byte[] opus(byte[] config) {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.writeBytes("OpusHead".getBytes(StandardCharsets.US_ASCII));
    head.write(1);
    head.write(config.length > OPUS_CHANNELS_AT ? config[OPUS_CHANNELS_AT] : 2);
    // High byte first, unlike the specification: so it was seen on the wire.
    head.write(OPUS_PRE_SKIP >> 8);
    head.write(OPUS_PRE_SKIP);
    head.writeBytes(new byte[7]);
    return head.toByteArray();
  }
}
