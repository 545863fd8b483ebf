package babelmux.e2e;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** Codec headers or metadata: what has no time of its own. */
  boolean isHeader() {
    if (type == DATA) {
      return true;
    }
    boolean enhanced = isVideo() ? (body[0] & 0x80) != 0 : (body[0] & 0xf0) == 0x90;
    if (enhanced) {
      return (body[0] & 0x0f) == 0;
    }
    boolean hasHeaders = isVideo() ? (body[0] & 0x0f) == 7 : (body[0] & 0xf0) == 0xa0;
    return hasHeaders && body[1] == 0;
  }

  FlvTag at(long newMillis) {
    return new FlvTag(type, newMillis, body);
  }
}
