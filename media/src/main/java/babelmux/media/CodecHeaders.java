package babelmux.media;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.bytedeco.ffmpeg.global.avcodec;
import org.jspecify.annotations.Nullable;

/**
 * Codec headers of a container (avcC, hvcC, av1C, or NAL units with start codes as MPEG-TS and RTSP
 * have them) beside those in a keyframe itself. A server may repeat old ones, or ones of its own
 * making, for late readers: what stands in the keyframe is right.
 */
final class CodecHeaders {
  /** Parameter sets and sequence headers stand within the first bytes of a keyframe. */
  static final int HEAD_BYTES = 4096;

  private static final int HVCC_FIXED = 23;
  private static final byte[] START_CODE = {0, 0, 0, 1};
  private static final int AV1_SEQUENCE_HEADER = 1;

  private CodecHeaders() {}

  /**
   * The headers with what a keyframe carries, or null when the keyframe carries nothing new.
   *
   * @param codecId FFmpeg's
   * @param headers the container's
   * @param head the first bytes of a keyframe, at least {@link #HEAD_BYTES} of them if it has so
   *     many
   */
  static byte @Nullable [] renewed(int codecId, byte[] headers, byte[] head) {
    if (codecId == avcodec.AV_CODEC_ID_H264) {
      return beginsWithStartCode(headers)
          ? annexB(headers, ofTypes(startCodeUnits(head), 0, 0x1f, 7, 8), 2)
          : avc(headers, head);
    }
    if (codecId == avcodec.AV_CODEC_ID_HEVC) {
      return beginsWithStartCode(headers)
          ? annexB(headers, ofTypes(startCodeUnits(head), 1, 0x3f, 32, 33, 34), 3)
          : hevc(headers, head);
    }
    return codecId == avcodec.AV_CODEC_ID_AV1 ? av1(headers, head) : null;
  }

  private static boolean beginsWithStartCode(byte[] headers) {
    return headers.length > 4
        && headers[0] == 0
        && headers[1] == 0
        && (headers[2] == 1 || (headers[2] == 0 && headers[3] == 1));
  }

  /**
   * @param sets a keyframe's parameter sets
   * @param kinds how many kinds of them a decoder needs
   */
  private static byte @Nullable [] annexB(byte[] headers, List<byte[]> sets, int kinds) {
    long found = sets.stream().map(unit -> unit[0]).distinct().count();
    if (found < kinds || isKnown(sets, headers)) {
      return null;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] unit : sets) {
      out.writeBytes(START_CODE);
      out.writeBytes(unit);
    }
    return out.toByteArray();
  }

  private static byte @Nullable [] avc(byte[] headers, byte[] head) {
    if (headers.length < 7 || headers[0] != 1) {
      return null;
    }
    List<byte[]> units = units(head, (headers[4] & 3) + 1);
    List<byte[]> sps = ofType(units, 7, 0, 0x1f);
    List<byte[]> pps = ofType(units, 8, 0, 0x1f);
    if (isKnown(sps, headers) || pps.isEmpty() || sps.get(0).length < 4 || sps.size() > 31) {
      return null;
    }
    byte[] first = sps.get(0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(1);
    out.write(first, 1, 3);
    out.write(headers[4]);
    out.write(0xe0 | sps.size());
    sps.forEach(unit -> write(out, unit));
    out.write(pps.size());
    pps.forEach(unit -> write(out, unit));
    return out.toByteArray();
  }

  private static byte @Nullable [] hevc(byte[] headers, byte[] head) {
    if (headers.length < HVCC_FIXED || headers[0] != 1) {
      return null;
    }
    List<byte[]> units = units(head, (headers[21] & 3) + 1);
    List<byte[]> sps = ofType(units, 33, 1, 0x3f);
    List<byte[]> vps = ofType(units, 32, 1, 0x3f);
    List<byte[]> pps = ofType(units, 34, 1, 0x3f);
    if (isKnown(sps, headers) || vps.isEmpty() || pps.isEmpty()) {
      return null;
    }
    byte[] profile = unescaped(sps.get(0));
    if (profile.length < 15) {
      return null;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(1);
    // Profile, tier and level stand in the SPS as they do here.
    out.write(profile, 3, 12);
    out.write(headers, 13, HVCC_FIXED - 1 - 13);
    out.write(3);
    writeArray(out, 32, vps);
    writeArray(out, 33, sps);
    writeArray(out, 34, pps);
    return out.toByteArray();
  }

  private static byte @Nullable [] av1(byte[] headers, byte[] head) {
    int at = 0;
    while (at + 2 <= head.length) {
      int type = (head[at] & 0x78) >> 3;
      boolean extended = (head[at] & 4) != 0;
      boolean sized = (head[at] & 2) != 0;
      int from = at + (extended ? 2 : 1);
      int size = 0;
      int shift = 0;
      boolean more = sized;
      while (more && from < head.length && shift <= 21) {
        size |= (head[from] & 0x7f) << shift;
        more = (head[from] & 0x80) != 0;
        shift += 7;
        from++;
      }
      if (!sized || more || size > head.length - from) {
        return null;
      }
      if (type == AV1_SEQUENCE_HEADER) {
        byte[] payload = Arrays.copyOfRange(head, from, from + size);
        return contains(headers, payload) ? null : Arrays.copyOfRange(head, at, from + size);
      }
      at = from + size;
    }
    return null;
  }

  /** The NAL units that lie wholly within the head, as far as they are well formed. */
  private static List<byte[]> units(byte[] head, int lengthBytes) {
    List<byte[]> units = new ArrayList<>();
    int at = 0;
    while (at + lengthBytes < head.length) {
      long length = 0;
      for (int i = 0; i < lengthBytes; i++) {
        length = length << 8 | (head[at + i] & 0xff);
      }
      at += lengthBytes;
      if (length < 1 || length > head.length - at) {
        return units;
      }
      units.add(Arrays.copyOfRange(head, at, at + (int) length));
      at += (int) length;
    }
    return units;
  }

  /** The NAL units with start codes in front; the last one is left out, it may go on. */
  private static List<byte[]> startCodeUnits(byte[] head) {
    List<byte[]> units = new ArrayList<>();
    int from = -1;
    for (int at = 0; at + 2 < head.length; at++) {
      if (head[at] == 0 && head[at + 1] == 0 && head[at + 2] == 1) {
        if (from >= 0) {
          addTrimmed(units, head, from, at);
        }
        from = at + 3;
      }
    }
    return units;
  }

  /** Zeros in front of a start code belong to no unit. */
  private static void addTrimmed(List<byte[]> units, byte[] head, int from, int to) {
    int end = to;
    while (end > from && head[end - 1] == 0) {
      end--;
    }
    if (end > from) {
      units.add(Arrays.copyOfRange(head, from, end));
    }
  }

  private static List<byte[]> ofTypes(List<byte[]> units, int shift, int mask, Integer... types) {
    Set<Integer> wanted = Set.of(types);
    return units.stream().filter(unit -> wanted.contains(unit[0] >> shift & mask)).toList();
  }

  private static List<byte[]> ofType(List<byte[]> units, int type, int shift, int mask) {
    return units.stream().filter(unit -> (unit[0] >> shift & mask) == type).toList();
  }

  private static boolean isKnown(List<byte[]> sps, byte[] headers) {
    return sps.stream().allMatch(unit -> contains(headers, unit));
  }

  private static boolean contains(byte[] all, byte[] wanted) {
    for (int at = 0; at + wanted.length <= all.length; at++) {
      if (Arrays.equals(all, at, at + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }

  /** Without the bytes that keep start codes out of a NAL unit. */
  private static byte[] unescaped(byte[] unit) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int zeros = 0;
    for (byte value : unit) {
      if (zeros >= 2 && value == 3) {
        zeros = 0;
        continue;
      }
      zeros = value == 0 ? zeros + 1 : 0;
      out.write(value);
    }
    return out.toByteArray();
  }

  private static void writeArray(ByteArrayOutputStream out, int type, List<byte[]> units) {
    out.write(0x80 | type);
    out.write(units.size() >> 8);
    out.write(units.size());
    units.forEach(unit -> write(out, unit));
  }

  private static void write(ByteArrayOutputStream out, byte[] unit) {
    out.write(unit.length >> 8);
    out.write(unit.length);
    out.write(unit, 0, unit.length);
  }
}
