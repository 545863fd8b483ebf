package babelmux.meter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avformat.AVStream;

/**
 * Splits packets of H.264 or HEVC into NAL units.
 *
 * @param hevc else H.264
 * @param lengthBytes size of the length before each unit (MP4, FLV), 0 for start codes (MPEG-TS)
 */
record NalUnits(boolean hevc, int lengthBytes) {
  record Unit(int from, int length) {}

  static NalUnits of(AVStream stream, boolean hevc) throws IOException {
    int size = stream.codecpar().extradata_size();
    int at = hevc ? 21 : 4;
    if (size <= at) {
      return new NalUnits(hevc, 0);
    }
    byte[] header = Bytes.copy(stream.codecpar().extradata(), size);
    boolean startCode = header[0] == 0;
    return new NalUnits(hevc, startCode ? 0 : (header[at] & 3) + 1);
  }

  List<Unit> split(byte[] data) throws IOException {
    return lengthBytes == 0 ? byStartCode(data) : byLength(data);
  }

  boolean isSlice(byte[] data, Unit unit) {
    int type = type(data, unit);
    return hevc ? type < 32 : type >= 1 && type <= 5;
  }

  boolean isKey(byte[] data, Unit unit) {
    int type = type(data, unit);
    return hevc ? type >= 16 && type <= 23 : type == 5;
  }

  private int type(byte[] data, Unit unit) {
    return hevc ? data[unit.from] >> 1 & 0x3f : data[unit.from] & 0x1f;
  }

  private List<Unit> byLength(byte[] data) throws IOException {
    List<Unit> units = new ArrayList<>();
    int at = 0;
    while (at < data.length) {
      long length = 0;
      for (int i = 0; i < lengthBytes && at + i < data.length; i++) {
        length = (length << 8) | (data[at + i] & 0xff);
      }
      at += lengthBytes;
      if (length < 1 || at + length > data.length) {
        throw new IOException(
            "NAL unit of " + length + " bytes, with " + (data.length - at) + " left in its packet");
      }
      units.add(new Unit(at, (int) length));
      at += (int) length;
    }
    return units;
  }

  private static List<Unit> byStartCode(byte[] data) {
    List<Unit> units = new ArrayList<>();
    int start = -1;
    for (int i = 0; i + 2 < data.length; i++) {
      if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] == 1) {
        add(units, data, start, i);
        start = i + 3;
        i += 2;
      }
    }
    add(units, data, start, data.length);
    return units;
  }

  /** Zeros before the next start code belong to neither unit. */
  private static void add(List<Unit> units, byte[] data, int from, int end) {
    int to = end;
    while (from >= 0 && to > from && data[to - 1] == 0) {
      to--;
    }
    if (from >= 0 && to > from) {
      units.add(new Unit(from, to - from));
    }
  }
}
