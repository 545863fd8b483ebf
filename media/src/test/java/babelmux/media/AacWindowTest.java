package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AacWindowTest {
  /** Bits as text, spaces between the fields. */
  private static byte[] bits(String text) {
    String plain = text.replace(" ", "");
    byte[] bytes = new byte[(plain.length() + 7) / 8];
    for (int n = 0; n < plain.length(); n++) {
      bytes[n / 8] |= (byte) ((plain.charAt(n) - '0') << (7 - n % 8));
    }
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({
    // One channel: tag, gain, reserved, sequence, shape. The slope behind "start" and "short" is
    // short.
    "000 0000 10101010 0 00 1 0, false, 1",
    "000 0000 10101010 0 01 0 0, true, 0",
    "000 0000 10101010 0 10 0 0, true, 0",
    "000 0000 10101010 0 11 1 0, false, 1",
    // Two with one window.
    "001 0000 1 0 00 0 0, false, 0",
    "001 0000 1 0 10 1 0, true, 1",
    // Behind fill of 2 bytes, of 15 and more, and behind data that is aligned and not.
    "110 0010 1111111111111111 001 0000 1 0 01 1 0, true, 1",
    "100 0000 0 00000001 11111111 000 0000 11111111 0 11 0 0, false, 0",
    "100 0000 1 00000001 11111111 000 0000 11111111 0 11 0 0, false, 0",
  })
  void isReadFromTheFirstBits(String frame, boolean brief, int shape) {
    assertThat(AacWindow.of(bits(frame))).isEqualTo(new AacWindow(brief, shape));
  }

  @ParameterizedTest
  @CsvSource({
    // Two channels with a window each, an LFE, a coupling channel, the end, cut off.
    "001 0000 0 00000000 0 00 0 0",
    "011 0000 00000000 0 00 0 0",
    "010 0000 00000000 0 00 0 0",
    "111 00000",
    "000 0000 1",
  })
  void isUnknownElsewhere(String frame) {
    assertThat(AacWindow.of(bits(frame))).isNull();
  }

  @Test
  void garbageIsAnythingButAnError() {
    Random random = new Random(3);
    for (int n = 0; n < 20_000; n++) {
      byte[] frame = new byte[random.nextInt(20)];
      random.nextBytes(frame);
      AacWindow window = AacWindow.of(frame);
      assertThat(window == null || window.shape() <= 1).isTrue();
    }
  }

  /** FFmpeg's coder: Kaiser-Bessel for long blocks, and short ones at an attack. */
  @Test
  void anAttackIsCodedInShortBlocks() throws Exception {
    float[] pcm = new float[40 * 1024];
    Random random = new Random(1);
    for (int n = 20 * 1024 + 500; n < pcm.length; n++) {
      pcm[n] = (random.nextFloat() - 0.5f) * 0.8f;
    }
    List<AacWindow> windows = new ArrayList<>();
    try (AacEncoder encoder = new AacEncoder(48_000, 1, 128_000)) {
      Sound sound = new Sound(new float[][] {pcm}, 48_000);
      for (int at = 0; at < pcm.length; at += 1024) {
        for (AacEncoder.Encoded each : encoder.encode(sound.slice(at, at + 1024), at)) {
          windows.add(AacWindow.of(each.packet()));
          each.packet().close();
        }
      }
    }
    assertThat(windows.subList(0, 15)).containsOnly(new AacWindow(false, 1));
    assertThat(windows.subList(17, 22)).contains(new AacWindow(true, 0));
    assertThat(windows.subList(30, 38)).containsOnly(new AacWindow(false, 1));
  }
}
