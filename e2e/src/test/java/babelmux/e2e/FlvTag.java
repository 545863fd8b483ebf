package babelmux.e2e;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A tag of an FLV file, which is the same as an RTMP message.
 *
 * @param millis its time as the file has it
 * @param body shared, never changed
 */
record FlvTag(int type, long millis, byte[] body) {
  static final int AUDIO = 8;
  static final int VIDEO = 9;
  static final int DATA = 18;

  private static final int SEQUENCE_START = 0;

  /** Enhanced RTMP: the order of audio channels, or the colours of video. */
  private static final int CONFIGURATION = 4;

  /** The tags of a file in their order. */
  static List<FlvTag> read(Path file) throws IOException {
    List<FlvTag> tags = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      in.skipNBytes(13);
      for (int type = in.read(); type >= 0; type = in.read()) {
        byte[] body = new byte[uint24(in)];
        long millis = uint24(in) | (long) in.readUnsignedByte() << 24;
        in.skipNBytes(3);
        in.readFully(body);
        in.skipNBytes(4);
        tags.add(new FlvTag(type, millis, body));
      }
    }
    return tags;
  }

  /** Writes a file of tags. */
  static void write(List<FlvTag> tags, Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.write(new byte[] {'F', 'L', 'V', 1, 5, 0, 0, 0, 9, 0, 0, 0, 0});
      for (FlvTag tag : tags) {
        out.writeInt((tag.type << 24) | tag.body.length);
        out.writeInt((int) ((tag.millis << 8) | ((tag.millis >>> 24) & 0xff)));
        out.write(new byte[3]);
        out.write(tag.body);
        out.writeInt(tag.body.length + 11);
      }
    }
  }

  private static int uint24(DataInputStream in) throws IOException {
    return in.readUnsignedShort() << 8 | in.readUnsignedByte();
  }

  boolean isVideo() {
    return type == VIDEO;
  }

  boolean isAudio() {
    return type == AUDIO;
  }

  boolean isKeyframe() {
    return isVideo() && (body[0] & 0x70) == 0x10;
  }

  private boolean isEnhanced() {
    return isVideo() ? (body[0] & 0x80) != 0 : (body[0] & 0xf0) == 0x90;
  }

  /** Says how channels or colours are meant; a decoder needs the codec headers, too. */
  boolean isConfiguration() {
    return type != DATA && isEnhanced() && (body[0] & 0x0f) == CONFIGURATION;
  }

  /** Codec headers or metadata: what has no time of its own. */
  boolean isHeader() {
    if (type == DATA) {
      return true;
    }
    if (isEnhanced()) {
      return (body[0] & 0x0f) == SEQUENCE_START || isConfiguration();
    }
    boolean hasHeaders = isVideo() ? (body[0] & 0x0f) == 7 : (body[0] & 0xf0) == 0xa0;
    return hasHeaders && body[1] == 0;
  }

  /** The bytes as hexadecimal digits, to be compared. */
  String bodyText() {
    return HexFormat.of().formatHex(body);
  }

  FlvTag at(long newMillis) {
    return new FlvTag(type, newMillis, body);
  }
}
