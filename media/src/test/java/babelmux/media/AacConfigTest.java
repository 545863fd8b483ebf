package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AacConfigTest {
  private static boolean isPlain(String hex, int hz, int channels) {
    return AacConfig.isPlainLc(HexFormat.of().parseHex(hex), hz, channels);
  }

  @ParameterizedTest
  @CsvSource({
    // As most encoders write it, as FFmpeg does ("no SBR"), padded, mono, 44.1 kHz, 16 kHz.
    "1190, 48000, 2",
    "119056e500, 48000, 2",
    "11900000, 48000, 2",
    "1188, 48000, 1",
    "1210, 44100, 2",
    "1408, 16000, 1",
  })
  void lcOfOneOrTwoChannelsIsPlain(String hex, int hz, int channels) {
    assertThat(isPlain(hex, hz, channels)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // Other rates and channels than its track says.
    "1190, 44100, 2",
    "1190, 48000, 1",
    // 5.1, channels told elsewhere, 960 samples, core coder, extension.
    "11b0, 48000, 6",
    "1180, 48000, 0",
    "1194, 48000, 2",
    "1192, 48000, 2",
    "1191, 48000, 2",
    // Main, SBR in front, SBR behind, a rate of its own, ER AAC-LD.
    "0990, 48000, 2",
    "2b92080000, 48000, 2",
    "131056e59d4880, 24000, 2",
    "1780bb8010, 48000, 2",
    "b990, 48000, 2",
    // Something behind it that nobody knows.
    "1190ff, 48000, 2",
    "119056e300, 48000, 2",
  })
  void allElseIsNot(String hex, int hz, int channels) {
    assertThat(isPlain(hex, hz, channels)).isFalse();
  }

  @Test
  void whatIsCutOffIsNot() {
    assertThat(isPlain("", 48_000, 2)).isFalse();
    assertThat(isPlain("11", 48_000, 2)).isFalse();
  }
}
