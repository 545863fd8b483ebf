package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Flv.Tag;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.ffmpeg.global.avcodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecHeadersTest {
  private static byte[] headers(String clip) throws Exception {
    byte[] body =
        Flv.read(Path.of("..", "fixtures", "encoders", clip + ".flv")).stream()
            .filter(Tag::isVideoHeader)
            .findFirst()
            .orElseThrow()
            .body();
    return Arrays.copyOfRange(body, 5, body.length);
  }

  @Test
  void whatTheHeadersHaveAlreadyIsNothingNew() throws Exception {
    byte[] avcc = headers("h264-25-no-b");
    byte[] sps = Arrays.copyOfRange(avcc, 8, 8 + avcc[7]);
    assertThat(
            CodecHeaders.renewed(
                avcodec.AV_CODEC_ID_H264, avcc, Flv.units(sps, new byte[] {0x65, 1, 2})))
        .isNull();
    assertThat(
            CodecHeaders.renewed(
                avcodec.AV_CODEC_ID_H264, avcc, Flv.units(new byte[] {0x65, 1, 2})))
        .isNull();
  }

  private static byte[] startCodes(byte[]... units) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] unit : units) {
      out.writeBytes(new byte[] {0, 0, 0, 1});
      out.writeBytes(unit);
    }
    return out.toByteArray();
  }

  /** As MPEG-TS and RTSP have them. */
  @Test
  void headersWithStartCodesAreRenewedByAKeyframeWithStartCodes() {
    byte[] sps = {0x67, 0x42, 0, 0x1e, 9};
    byte[] pps = {0x68, 1, 2};
    byte[] other = {0x67, 0x42, 0, 0x1f, 9};
    byte[] slice = {0x65, 1, 2, 3};
    byte[] headers = startCodes(sps, pps);
    int h264 = avcodec.AV_CODEC_ID_H264;
    assertThat(CodecHeaders.renewed(h264, headers, startCodes(sps, pps, slice))).isNull();
    assertThat(CodecHeaders.renewed(h264, headers, startCodes(slice, slice))).isNull();
    assertThat(CodecHeaders.renewed(h264, headers, startCodes(other, slice))).isNull();
    assertThat(CodecHeaders.renewed(h264, headers, startCodes(other, pps, slice)))
        .isEqualTo(startCodes(other, pps));
    byte[] vps = {0x40, 1, 7};
    byte[] hevcSps = {0x42, 1, 8};
    byte[] hevcPps = {0x44, 1, 9};
    byte[] newSps = {0x42, 1, 6};
    byte[] hevc = startCodes(vps, hevcSps, hevcPps);
    assertThat(
            CodecHeaders.renewed(
                avcodec.AV_CODEC_ID_HEVC, hevc, startCodes(vps, newSps, hevcPps, slice)))
        .isEqualTo(startCodes(vps, newSps, hevcPps));
  }

  /** The parameter sets of an hvcC, by the type of their array. */
  private static byte[] unit(byte[] hvcc, int type) {
    int at = 23;
    for (int array = 0; array < hvcc[22]; array++) {
      int length = (hvcc[at + 3] & 0xff) << 8 | (hvcc[at + 4] & 0xff);
      if ((hvcc[at] & 0x3f) == type) {
        return Arrays.copyOfRange(hvcc, at + 5, at + 5 + length);
      }
      at += 5 + length;
    }
    throw new AssertionError("no " + type);
  }

  @Test
  void hevcHeadersAreMadeOfTheKeyframesParameterSets() throws Exception {
    byte[] right = headers("hevc-b3");
    byte[] stale = right.clone();
    int sps = indexOf(stale, unit(stale, 33));
    // Another level, and another profile in front.
    stale[sps + 14] ^= 0x1f;
    stale[12] ^= 0x1f;
    byte[] slice = {0x26, 1, 2, 3};
    byte[] keyframe = Flv.units(unit(right, 32), unit(right, 33), unit(right, 34), slice);
    byte[] renewed = CodecHeaders.renewed(avcodec.AV_CODEC_ID_HEVC, stale, keyframe);
    assertThat(renewed).isNotNull();
    assertThat(Arrays.copyOf(renewed, 22)).isEqualTo(Arrays.copyOf(right, 22));
    for (int type = 32; type <= 34; type++) {
      assertThat(unit(renewed, type)).isEqualTo(unit(right, type));
    }
    assertThat(CodecHeaders.renewed(avcodec.AV_CODEC_ID_HEVC, renewed, keyframe)).isNull();
  }

  private static int indexOf(byte[] all, byte[] wanted) {
    for (int at = 0; ; at++) {
      if (Arrays.equals(all, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
  }

  /** MediaMTX sends the same made-up av1C for every AV1 stream. */
  @Test
  void av1HeadersAreTheKeyframesSequenceHeader() throws Exception {
    byte[] av1c = headers("av1");
    byte[] sequence = Arrays.copyOfRange(av1c, 4, av1c.length);
    ByteArrayOutputStream keyframe = new ByteArrayOutputStream();
    keyframe.writeBytes(new byte[] {0x12, 0});
    keyframe.writeBytes(sequence);
    keyframe.writeBytes(new byte[] {0x32, 2, 0, 0});
    byte[] madeUp = {
      (byte) 0x81,
      8,
      0xc,
      0,
      0xa,
      0xb,
      0,
      0,
      0,
      0x42,
      (byte) 0xab,
      (byte) 0xbf,
      (byte) 0xc3,
      0x70,
      0xb,
      (byte) 0xe0,
      1
    };
    byte[] head = keyframe.toByteArray();
    assertThat(CodecHeaders.renewed(avcodec.AV_CODEC_ID_AV1, madeUp, head)).isEqualTo(sequence);
    assertThat(CodecHeaders.renewed(avcodec.AV_CODEC_ID_AV1, av1c, head)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void rubbishIsNothingNewOrHeadersButNeverAnError(int seed) throws Exception {
    Random random = new Random(seed);
    String[] clips = {"h264-25-no-b", "hevc-b3", "av1"};
    int[] codecs = {avcodec.AV_CODEC_ID_H264, avcodec.AV_CODEC_ID_HEVC, avcodec.AV_CODEC_ID_AV1};
    for (int kind = 0; kind < codecs.length; kind++) {
      byte[] right = headers(clips[kind]);
      for (int i = 0; i < 3000; i++) {
        byte[] headers = Arrays.copyOf(right, random.nextInt(right.length + 1));
        byte[] head = new byte[random.nextInt(80)];
        random.nextBytes(head);
        for (int at = 0; at + 5 < head.length; at += 9) {
          // Lengths that fit now and then.
          Arrays.fill(head, at, at + 3, (byte) 0);
          head[at + 3] = (byte) 5;
          head[at + 4] = (byte) new int[] {7, 8, 64, 66, 68, 10}[random.nextInt(6)];
        }
        byte[] renewed = CodecHeaders.renewed(codecs[kind], headers, head);
        assertThat(renewed == null || renewed.length > 0).isTrue();
      }
    }
  }
}
