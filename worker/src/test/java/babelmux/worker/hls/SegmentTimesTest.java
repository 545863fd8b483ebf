package babelmux.worker.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times out of segments, good ones and whatever a stranger's server may send. */
class SegmentTimesTest {
  private static byte[] box(String type, byte[]... content) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : content) {
      all.writeBytes(part);
    }
    return ByteBuffer.allocate(8 + all.size())
        .putInt(8 + all.size())
        .put(type.getBytes(StandardCharsets.ISO_8859_1))
        .put(all.toByteArray())
        .array();
  }

  private static byte[] init(int version, int timescale) {
    ByteBuffer mdhd = ByteBuffer.allocate(36);
    mdhd.put(0, (byte) version).putInt(version == 1 ? 20 : 12, timescale);
    return concat(
        box("ftyp", new byte[16]),
        box(
            "moov",
            box("mvhd", new byte[100]),
            box("trak", box("tkhd", new byte[84]), box("mdia", box("mdhd", mdhd.array())))));
  }

  private static byte[] segment(int version, long ticks) {
    ByteBuffer tfdt = ByteBuffer.allocate(version == 1 ? 12 : 8);
    tfdt.put(0, (byte) version);
    if (version == 1) {
      tfdt.putLong(4, ticks);
    } else {
      tfdt.putInt(4, (int) ticks);
    }
    return concat(
        box("styp", new byte[8]),
        box(
            "moof",
            box("mfhd", new byte[8]),
            box("traf", box("tfhd", new byte[12]), box("tfdt", tfdt.array()))),
        // Only the beginning of the media was read.
        Arrays.copyOf(box("mdat", new byte[5000]), 600));
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @Test
  void bothVersionsOfMp4AreRead() throws HlsException {
    assertThat(Fmp4Times.timescale(init(0, 90_000))).isEqualTo(90_000);
    assertThat(Fmp4Times.timescale(init(1, 48_000))).isEqualTo(48_000);
    assertThat(Fmp4Times.decodingUs(segment(0, 4_294_967_295L), 90_000)).isEqualTo(47_721_858_833L);
    // A stream of a week.
    long ticks = 90_000L * 604_800 + 45_000;
    assertThat(Fmp4Times.decodingUs(segment(1, ticks), 90_000)).isEqualTo(604_800_500_000L);
  }

  @Test
  void anMp4FileThatLacksOrDistortsTimesIsRefused() {
    assertThatThrownBy(() -> Fmp4Times.timescale(init(0, 0))).isInstanceOf(HlsException.class);
    assertThatThrownBy(() -> Fmp4Times.timescale(init(0, -1))).isInstanceOf(HlsException.class);
    assertThatThrownBy(() -> Fmp4Times.timescale(segment(0, 0))).isInstanceOf(HlsException.class);
    assertThatThrownBy(() -> Fmp4Times.decodingUs(init(0, 1), 1)).isInstanceOf(HlsException.class);
    assertThatThrownBy(() -> Fmp4Times.decodingUs(segment(1, -1), 90_000))
        .isInstanceOf(HlsException.class);
    assertThatThrownBy(() -> Fmp4Times.decodingUs(segment(1, Long.MAX_VALUE), 1))
        .isInstanceOf(HlsException.class);
    assertThatThrownBy(() -> Fmp4Times.decodingUs(box("moof", box("traf", box("tfdt"))), 1))
        .isInstanceOf(HlsException.class);
    byte[] endless = segment(0, 1);
    ByteBuffer.wrap(endless).putInt(0, 0);
    assertThatThrownBy(() -> Fmp4Times.decodingUs(endless, 1)).isInstanceOf(HlsException.class);
    byte[] huge =
        ByteBuffer.allocate(40)
            .putInt(1)
            .put("free".getBytes(StandardCharsets.UTF_8))
            .putLong(Long.MAX_VALUE)
            .array();
    assertThatThrownBy(() -> Fmp4Times.decodingUs(huge, 1)).isInstanceOf(HlsException.class);
    byte[] negative =
        ByteBuffer.allocate(40)
            .putInt(1)
            .put("free".getBytes(StandardCharsets.UTF_8))
            .putLong(-16)
            .array();
    assertThatThrownBy(() -> Fmp4Times.decodingUs(negative, 1)).isInstanceOf(HlsException.class);
  }

  private static byte[] ts(long pts, int adaptation, int stream) {
    ByteBuffer packet = ByteBuffer.allocate(188);
    packet
        .put((byte) 0x47)
        .put((byte) 0x41)
        .put((byte) 0)
        .put((byte) (adaptation > 0 ? 0x30 : 0x10));
    if (adaptation > 0) {
      packet.put((byte) (adaptation - 1)).position(4 + adaptation);
    }
    packet.put(new byte[] {0, 0, 1, (byte) stream, 0, 0, (byte) 0x80, (byte) 0x80, 5});
    packet.put((byte) (0x21 | (pts >> 29 & 0x0e)));
    packet.put((byte) (pts >> 22)).put((byte) (pts >> 14 | 1));
    packet.put((byte) (pts >> 7)).put((byte) (pts << 1 | 1));
    return packet.array();
  }

  private static byte[] table() {
    byte[] packet = new byte[188];
    packet[0] = 0x47;
    packet[1] = 0x40;
    packet[3] = 0x10;
    return packet;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 900_000, 0x1_2345_6789L, (1L << 33) - 1})
  void theFirstTimeOfMpegTsIsFoundBehindItsTables(long pts) throws HlsException {
    byte[] segment = concat(table(), table(), ts(pts, 8, 0xe0), ts(5, 0, 0xe0));
    assertThat(TsTimes.presentationUs(segment)).isEqualTo(pts * 100 / 9);
    assertThat(TsTimes.presentationUs(concat(table(), ts(pts, 0, 0xc0)))).isEqualTo(pts * 100 / 9);
  }

  @Test
  void anMpegTsFileWithoutTimesIsRefused() {
    byte[] noMedia = ts(5, 0, 0xbd);
    byte[] noPts = ts(5, 0, 0xe0);
    noPts[4 + 7] = 0;
    byte[] far = ts(5, 0, 0xe0);
    far[3] = 0x30;
    far[4] = (byte) 0xff;
    for (byte[] bad :
        new byte[][] {
          {}, new byte[188], table(), noMedia, noPts, far, Arrays.copyOf(ts(5, 0, 0xe0), 187)
        }) {
      assertThatThrownBy(() -> TsTimes.presentationUs(bad)).isInstanceOf(HlsException.class);
    }
  }

  @Test
  void noGarbageDoesMoreThanBeRefused() {
    Random random = new Random(13);
    byte[][] good = {init(0, 90_000), segment(1, 123), concat(table(), ts(99, 4, 0xe0))};
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = good[i % 3].clone();
      for (int k = 0; k < 1 + i % 5; k++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      assertIsReadOrRefused(() -> Fmp4Times.timescale(cut));
      assertIsReadOrRefused(() -> Fmp4Times.decodingUs(cut, 90_000));
      assertIsReadOrRefused(() -> TsTimes.presentationUs(cut));
    }
  }

  private interface Reading {
    long read() throws HlsException;
  }

  private static void assertIsReadOrRefused(Reading reading) {
    try {
      assertThat(reading.read()).isNotNegative();
    } catch (HlsException e) {
      assertThat(e.kind()).isEqualTo(HlsException.Kind.UNAVAILABLE);
    }
  }
}
