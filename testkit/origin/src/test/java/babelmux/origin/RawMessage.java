package babelmux.origin;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** An RTMP message, or the FLV tag that becomes one, as the tests see it. */
final class RawMessage {
  static final int AUDIO = 8;
  static final int VIDEO = 9;
  static final int DATA = 18;
  static final int COMMAND = 20;

  final int type;
  final long timestampMs;
  final byte[] body;

  RawMessage(int type, long timestampMs, byte[] body) {
    this.type = type;
    this.timestampMs = timestampMs;
    this.body = body;
  }

  /** The tags of an FLV file, in order. */
  static List<RawMessage> readFlv(Path file) throws IOException {
    List<RawMessage> tags = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      in.skipNBytes(13);
      while (in.available() > 0) {
        int type = in.readUnsignedByte();
        byte[] body = new byte[in.readUnsignedShort() << 8 | in.readUnsignedByte()];
        long timestamp = (long) in.readUnsignedShort() << 8 | in.readUnsignedByte();
        timestamp |= (long) in.readUnsignedByte() << 24;
        in.skipNBytes(3);
        in.readFully(body);
        in.skipNBytes(4);
        tags.add(new RawMessage(type, timestamp, body));
      }
    }
    return tags;
  }

  RawMessage at(long newTimestampMs) {
    return new RawMessage(type, newTimestampMs, body);
  }

  boolean video() {
    return type == VIDEO;
  }

  boolean audio() {
    return type == AUDIO;
  }

  /** Classic sequence headers only: the test media is H.264 and AAC. */
  boolean header() {
    return (type == VIDEO && body[0] == 0x17 && body[1] == 0)
        || (type == AUDIO && (body[0] & 0xF0) == 0xA0 && body[1] == 0);
  }

  boolean media() {
    return (type == AUDIO || (type == VIDEO && body[1] == 1)) && !header();
  }

  boolean keyframe() {
    return type == VIDEO && body[0] == 0x17 && body[1] == 1;
  }

  /** The picture's slices, without parameter sets and whatever else a server may put in front. */
  List<String> slices() {
    List<String> slices = new ArrayList<>();
    for (int at = 5; at + 4 < body.length; ) {
      int length =
          (body[at] & 0xFF) << 24
              | (body[at + 1] & 0xFF) << 16
              | (body[at + 2] & 0xFF) << 8
              | (body[at + 3] & 0xFF);
      int kind = body[at + 4] & 0x1F;
      if (kind == 1 || kind == 5) {
        slices.add(HexFormat.of().formatHex(body, at + 4, at + 4 + length));
      }
      at += 4 + length;
    }
    return slices;
  }

  @Override
  public String toString() {
    return "type " + type + " at " + timestampMs + " ms, " + body.length + " bytes";
  }
}
