package babelmux.worker.sound;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The gain that brings dubs to the original's loudness. It follows the original over minutes and
 * the dubs over half a minute, and moves by 3 dB a slot at most, evenly over the slot. Has the
 * state of the slots before; one thread.
 */
public final class LoudnessMatch {
  private static final int DUB_SLOTS = 5;
  private static final double MAX_CHANGE_DB = 3;

  private final LoudnessOptions options;
  private final Deque<Loudness> originals = new ArrayDeque<>();
  private final Deque<Loudness> dubs = new ArrayDeque<>();
  private boolean begun;
  private double gainDb;

  public LoudnessMatch(LoudnessOptions options) {
    this.options = options;
  }

  /**
   * The next slot, in the order of the output.
   *
   * @param original what the source had there; null when it was not measured
   * @param dub what is heard there; null for the original
   * @return the gain of its dub
   */
  public GainRamp next(@Nullable Loudness original, @Nullable Loudness dub) {
    keep(originals, original, options.windowSlots());
    keep(dubs, dub, DUB_SLOTS);
    double before = gainDb;
    double wanted = Loudness.of(originals) - Loudness.of(dubs);
    if (dub != null && Double.isFinite(wanted)) {
      double bounded = within(wanted, options.maxGainDb());
      gainDb = begun ? before + within(bounded - before, MAX_CHANGE_DB) : bounded;
      before = begun ? before : gainDb;
      begun = true;
    }
    return GainRamp.ofDecibels(before, gainDb);
  }

  private static void keep(Deque<Loudness> window, @Nullable Loudness next, int most) {
    if (next != null) {
      window.addLast(next);
      if (window.size() > most) {
        window.removeFirst();
      }
    }
  }

  private static double within(double value, double bound) {
    return Math.max(-bound, Math.min(bound, value));
  }
}
