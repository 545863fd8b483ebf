package babelmux.worker.sound;

import org.jspecify.annotations.Nullable;

/**
 * Lays dubs over the original: fades at the joints, the dub's gain, and the bed under it. Has the
 * state of the bed; calls come in the order of the samples, on one thread.
 */
public final class Overlay {
  private final int fadeSamples;
  private final @Nullable Ducking ducking;
  private long lastEnd = Long.MIN_VALUE;

  /**
   * @param bed how the original is heard under the dub; null for not at all
   */
  public Overlay(int sampleRate, @Nullable BedOptions bed) {
    this.fadeSamples = fadeSamples(sampleRate);
    this.ducking = bed == null ? null : new Ducking(bed, sampleRate);
  }

  /** The length of the fade between original and dub: 10 ms. */
  public static int fadeSamples(int sampleRate) {
    return sampleRate / 100;
  }

  /**
   * A dub in its place.
   *
   * @param start how its slot meets the one before
   * @param end how its slot meets the one behind
   */
  public record Placed(Dub dub, long startSample, Joint start, Joint end, GainRamp gain) {
    long endSample() {
      return startSample + dub.frames();
    }
  }

  /**
   * Lays what a dub has in a range over it, in place.
   *
   * @param sound {@code sound[c][n]}, the original of the range
   * @param mixed {@code mixed[n]} becomes 1 where the dub has taken over, and what is between at
   *     its fades
   * @param shares {@code shares[n]} of the dub in what is heard; null for all of it everywhere
   * @param from the range's first sample
   * @param to behind its last one
   */
  public void lay(
      Placed placed,
      float[][] sound,
      float[] mixed,
      float @Nullable [] shares,
      long from,
      long to) {
    Dub dub = placed.dub();
    long begin = Math.max(from, placed.startSample());
    long end = Math.min(to, placed.endSample());
    if (end <= begin) {
      return;
    }
    if (ducking != null && lastEnd != begin) {
      ducking.begin(dub.speaksAt((int) (begin - placed.startSample())));
    }
    lastEnd = end;
    for (long s = begin; s < end; s++) {
      int at = (int) (s - placed.startSample());
      int n = (int) (s - from);
      long left = placed.endSample() - 1 - s;
      float over = placed.start().cross(at, fadeSamples) * placed.end().cross(left, fadeSamples);
      if (shares != null) {
        over *= shares[n];
      }
      float dubGain =
          over
              * placed.start().dip(at, fadeSamples)
              * placed.end().dip(left, fadeSamples)
              * placed.gain().at(at, dub.frames());
      float bed = ducking == null ? 0f : ducking.next(dub.speaksAt(at));
      float originalGain = 1f - over * (1f - bed);
      for (int c = 0; c < sound.length; c++) {
        sound[c][n] = dubGain * dub.at(c, at) + originalGain * sound[c][n];
      }
      mixed[n] = over;
    }
  }
}
