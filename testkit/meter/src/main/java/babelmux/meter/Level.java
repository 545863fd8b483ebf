package babelmux.meter;

import java.io.IOException;

/**
 * Loudness of a sound, by EBU R128 (ITU-R BS.1770).
 *
 * @param integratedLufs loudness of the whole, silence and quiet parts left out; -70 for silence
 * @param rangeLu loudness range
 * @param truePeakDbtp the highest peak between the samples; -Infinity for silence
 */
public record Level(double integratedLufs, double rangeLu, double truePeakDbtp) {

  /** Measures a whole sound. Any thread; needs some 0.1 % of the sound's length. */
  public static Level of(Sound sound) throws IOException {
    return of(sound, 0, sound.length());
  }

  /**
   * Measures a range of samples; loudness wants 400 ms at least, and reads -70 for less.
   *
   * @param to the sample after the last one
   * @throws IllegalArgumentException for a range that is not within the sound
   */
  public static Level of(Sound sound, int from, int to) throws IOException {
    if (from < 0 || to > sound.length() || from >= to) {
      throw new IllegalArgumentException(
          "range " + from + ".." + to + ": expected a range within 0.." + sound.length());
    }
    try (LoudnessFilter filter = new LoudnessFilter(sound.rate(), sound.channels())) {
      for (int at = from; at < to; at += sound.rate()) {
        filter.add(sound, at, Math.min(to, at + sound.rate()));
      }
      return filter.result();
    }
  }
}
