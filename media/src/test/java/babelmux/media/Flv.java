package babelmux.media;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** FLV tag by tag: to make what servers send and no muxer writes. */
final class Flv {
  static final int AUDIO = 8;
  static final int VIDEO = 9;
  static final int SCRIPT = 18;

  private static final int FILE_HEADER = 13;
  private static final int TAG_HEADER = 11;

  private Flv() {}

  /**
   * @param ms DTS, milliseconds
   */
  record Tag(int type, int ms, byte[] body) {
    boolean isEnhanced() {
      return type == VIDEO && (body[0] & 0x80) != 0;
    }

    boolean isVideoHeader() {
      return type == VIDEO && (isEnhanced() ? (body[0] & 15) == 0 : body[1] == 0);
    }

    boolean isVideoFrame() {
      return type == VIDEO
          && (isEnhanced() ? (body[0] & 15) == 1 || (body[0] & 15) == 3 : body[1] == 1);
    }

    boolean isMarkedKey() {
      return isVideoFrame() && (body[0] >> 4 & 7) == 1;
    }

    /** Bytes of a video frame's tag before its payload. */
    int videoHeaderBytes() {
      return isEnhanced() ? ((body[0] & 15) == 1 && body[1] != 'v' && body[1] != 'a' ? 8 : 5) : 5;
    }

    Tag at(int otherMs) {
      return new Tag(type, otherMs, body);
    }

    /** As MediaMTX sends HEVC, AV1 and VP9. */
    Tag unmarked() {
      if (!isMarkedKey()) {
        return this;
      }
      byte[] changed = body.clone();
      changed[0] = (byte) ((changed[0] & 0x8f) | 0x20);
      return new Tag(type, ms, changed);
    }

    /** With bytes in front of the frame's payload. */
    Tag withFront(byte[] front) {
      int header = videoHeaderBytes();
      byte[] changed = Arrays.copyOf(body, body.length + front.length);
      System.arraycopy(front, 0, changed, header, front.length);
      System.arraycopy(body, header, changed, header + front.length, body.length - header);
      return new Tag(type, ms, changed);
    }
  }

  static List<Tag> read(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    List<Tag> tags = new ArrayList<>();
    for (int at = FILE_HEADER; at + TAG_HEADER < all.length; ) {
      int size = number(all, at + 1, 3);
      int ms = number(all, at + 4, 3) | number(all, at + 7, 1) << 24;
      int from = at + TAG_HEADER;
      tags.add(new Tag(all[at] & 0x1f, ms, Arrays.copyOfRange(all, from, from + size)));
      at = from + size + 4;
    }
    return tags;
  }

  private static int number(byte[] all, int at, int bytes) {
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | (all[at + i] & 0xff);
    }
    return value;
  }

  static Path write(Path file, List<Tag> tags) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {'F', 'L', 'V', 1, 5, 0, 0, 0, 9, 0, 0, 0, 0});
    for (Tag tag : tags) {
      out.write(tag.type());
      put(out, tag.body().length, 3);
      put(out, tag.ms() & 0xffffff, 3);
      out.write(tag.ms() >> 24);
      put(out, 0, 3);
      out.writeBytes(tag.body());
      put(out, tag.body().length + TAG_HEADER, 4);
    }
    return Files.write(file, out.toByteArray());
  }

  static void put(ByteArrayOutputStream out, int value, int bytes) {
    for (int i = bytes - 1; i >= 0; i--) {
      out.write(value >> (8 * i));
    }
  }

  /** NAL units behind their lengths of four bytes. */
  static byte[] units(byte[]... units) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] unit : units) {
      put(out, unit.length, 4);
      out.writeBytes(unit);
    }
    return out.toByteArray();
  }
}
