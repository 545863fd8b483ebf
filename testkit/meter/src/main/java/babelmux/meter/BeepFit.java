package babelmux.meter;

import org.jspecify.annotations.Nullable;

/**
 * A beep, measured: pitch from the turn of its phase, place from the best match with the beep's
 * shape (a matched filter, which other sound around it hardly moves).
 *
 * @param onset the beep's first sample, with a fraction
 */
record BeepFit(double onset, double hz, double level) {
  private static final double CORE_SECONDS = Marks.BEEP_SECONDS - Marks.BEEP_RAMP_SECONDS;

  /** Measures the best beep of about this pitch; null if there is no beep of 100 ms. */
  static @Nullable BeepFit of(float[] sound, double nearHz, int rate) {
    int core = (int) Math.round(CORE_SECONDS * rate);
    if (sound.length < core) {
      return null;
    }
    int brief = rate / 50;
    int inside =
        bestMatch(new Demodulated(sound, 0, sound.length, nearHz, rate), brief) + brief / 2;
    double hz = pitch(sound, inside, nearHz, rate, 0.012);
    int roughly = bestMatch(new Demodulated(sound, 0, sound.length, hz, rate), core);
    hz = pitch(sound, roughly + core / 2, hz, rate, 0.035);
    if (Marks.second(hz) < 0) {
      return null;
    }
    Demodulated tone = new Demodulated(sound, 0, sound.length, hz, rate);
    int best = bestMatch(tone, core);
    if (!isBeep(sound, tone, best, core, rate)) {
      return null;
    }
    double onset = best + top(tone, best, core, rate) - Marks.BEEP_RAMP_SECONDS / 2 * rate;
    return new BeepFit(onset, hz, tone.amplitude(best + core / 8, best + core * 7 / 8));
  }

  private static int bestMatch(Demodulated tone, int core) {
    int best = 0;
    double most = 0;
    for (int at = 0; at + core <= tone.length(); at++) {
      double match = tone.amplitude(at, at + core);
      if (match > most) {
        most = match;
        best = at;
      }
    }
    return best;
  }

  BeepFit movedBy(long samples) {
    return new BeepFit(onset + samples, hz, level);
  }

  private static double pitch(float[] sound, int centre, double nearHz, int rate, double seconds) {
    int half = (int) Math.round(seconds * rate);
    int from = Math.max(0, centre - half);
    Demodulated tone =
        new Demodulated(sound, from, Math.min(sound.length, centre + half), nearHz, rate);
    int middle = tone.length() / 2;
    double turn = tone.phase(middle, tone.length()) - tone.phase(0, middle);
    return nearHz + Demodulated.wrapped(turn) / (2 * Math.PI) * rate / middle;
  }

  /** There all the time, gone before and after, and most of the sound while it lasts. */
  private static boolean isBeep(float[] sound, Demodulated tone, int start, int core, int rate) {
    double level = tone.amplitude(start, start + core);
    int edge = core / 5;
    int away = rate / 100;
    double energy = 0;
    for (int i = start; i < start + core; i++) {
      energy += sound[i] * sound[i];
    }
    return tone.amplitude(start, start + edge) > 0.7 * level
        && tone.amplitude(start + core - edge, start + core) > 0.7 * level
        && tone.amplitude(start - away - 2 * edge, start - away) < 0.5 * level
        && tone.amplitude(start + core + away, start + core + away + 2 * edge) < 0.5 * level
        && level * level * core / 2 > 0.5 * energy;
  }

  /**
   * The top of the match, between samples: least-squares parabola through 1.5 ms on either side.
   */
  private static double top(Demodulated tone, int best, int core, int rate) {
    int reach = Math.max(2, rate * 3 / 2000);
    double sumX2 = 0;
    double sumX4 = 0;
    double sumY = 0;
    double sumXy = 0;
    double sumX2y = 0;
    for (int x = -reach; x <= reach; x++) {
      double y = tone.amplitude(best + x, best + x + core);
      double x2 = (double) x * x;
      sumX2 += x2;
      sumX4 += x2 * x2;
      sumY += y;
      sumXy += x * y;
      sumX2y += x2 * y;
    }
    int count = 2 * reach + 1;
    double curve = (count * sumX2y - sumX2 * sumY) / (count * sumX4 - sumX2 * sumX2);
    double slope = sumXy / sumX2;
    return curve < 0 ? Math.max(-reach, Math.min(reach, -slope / (2 * curve))) : 0;
  }
}
