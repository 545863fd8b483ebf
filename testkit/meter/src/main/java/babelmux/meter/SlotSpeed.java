package babelmux.meter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Speed and pitch at which a slot of a recording plays the marks of the source.
 *
 * @param beeps marks found in both
 * @param tempo source's time between the first and the last of them over the recording's: above 1
 *     is faster; 1 for fewer than two
 * @param pitch the recording's pitch over the source's; 1 when there are none
 * @param offsetsUs when each one comes in the recording's slot, less when it came in the source's
 */
public record SlotSpeed(int beeps, double tempo, double pitch, List<Long> offsetsUs) {

  /**
   * Compares two stretches of as many samples a second, beep by beep in their order: what the
   * source has at its end and the recording no more was cut.
   */
  public static SlotSpeed of(
      Sound source, int sourceFrom, int sourceTo, Sound recording, int from, int to) {
    List<Burst> there = Bursts.find(source.range(sourceFrom, sourceTo));
    List<Burst> here = Bursts.find(recording.range(from, to));
    int count = Math.min(there.size(), here.size());
    if (count == 0) {
      return new SlotSpeed(0, 1, 1, List.of());
    }
    double[] pitches = new double[count];
    List<Long> offsets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pitches[i] = here.get(i).hz() / there.get(i).hz();
      double offset =
          (double) here.get(i).from() / recording.rate()
              - (double) there.get(i).from() / source.rate();
      offsets.add(Math.round(offset * 1e6));
    }
    Arrays.sort(pitches);
    double sourceSeconds = seconds(there.get(0), there.get(count - 1), source);
    double seconds = seconds(here.get(0), here.get(count - 1), recording);
    return new SlotSpeed(
        count, count < 2 ? 1 : sourceSeconds / seconds, pitches[count / 2], List.copyOf(offsets));
  }

  private static double seconds(Burst first, Burst last, Sound sound) {
    return (double) (last.from() - first.from()) / sound.rate();
  }
}
