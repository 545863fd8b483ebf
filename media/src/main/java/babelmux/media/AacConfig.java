package babelmux.media;

import java.util.Arrays;

/** An AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1). */
final class AacConfig {
  private static final int[] RATES = {
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000
  };
  private static final int LC = 2;
  private static final int SBR = 5;
  private static final int SYNC_EXTENSION = 0x2b7;

  private AacConfig() {}

  /**
   * Returns whether this is AAC-LC in frames of 1024 samples, with one or two channels, and nothing
   * else: frames of any encoder with such headers can follow each other.
   *
   * @param config as a container has it
   */
  static boolean isPlainLc(byte[] config, int hz, int channels) {
    Bits bits = new Bits(config);
    int type = bits.take(5);
    int rate = bits.take(4);
    int layout = bits.take(4);
    // Frame length, dependence on a core coder, extension: all of them 0.
    int more = bits.take(3);
    return type == LC
        && rate < RATES.length
        && RATES[rate] == hz
        && layout == channels
        && (channels == 1 || channels == 2)
        && more == 0
        && !bits.isBeyond()
        && isPlainRest(bits, Arrays.copyOfRange(config, 2, config.length));
  }

  /** Nothing, zeros, or the word that there is no SBR. */
  private static boolean isPlainRest(Bits bits, byte[] rest) {
    boolean said = bits.left() >= 17;
    if (said && bits.take(11) == SYNC_EXTENSION) {
      return bits.take(5) == SBR && bits.take(1) == 0;
    }
    for (byte each : rest) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }
}
