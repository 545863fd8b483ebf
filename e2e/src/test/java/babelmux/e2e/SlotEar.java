package babelmux.e2e;

import babelmux.meter.Sound;
import babelmux.meter.Tones;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Listens to the slots of an output whose stand-in answers with tones: which fragment's tone is
 * heard in each, or whether it is the film's own sound, in its place to a few samples.
 */
final class SlotEar {
  /** A slot in original audio. */
  static final String ORIGINAL = "o";

  private static final int SLOT_SECONDS = 6;
  private static final double EDGE_SECONDS = 0.05;
  private static final int FRAME = 1024;
  private static final double LOUD = 0.2;
  private static final double SAME = 0.95;

  /** Times on the wire are whole milliseconds, the picture's and the sound's each on its own. */
  private static final double LAG_SECONDS = 0.005;

  private final float[] film;
  private final int rate;

  private SlotEar(float[] film, int rate) {
    this.film = film;
    this.rate = rate;
  }

  /** An ear that knows the film. */
  static SlotEar knowing(Path film) throws IOException {
    Sound sound = Sound.read(film);
    return new SlotEar(sound.mono(), sound.rate());
  }

  /**
   * What was heard.
   *
   * @param slots the number of the fragment whose tone fills it, {@link #ORIGINAL}, or what else
   * @param lagsUs of the slots in the original: its time after the picture's
   */
  record Heard(List<String> slots, List<Long> lagsUs) {}

  /**
   * Listens to a recording of the sound.
   *
   * @param shiftUs the picture's time in the recording minus its time in the film
   * @param skipped frames of the film's sound before the first slot, which the worker did not read
   */
  Heard listen(Path recording, long shiftUs, int skipped, int slots) throws IOException {
    Sound sound = Sound.read(recording);
    float[] out = sound.mono();
    Tones tones = Tones.of(sound);
    // Where the film's first sample is, if the recording were whole.
    long origin = Math.round((shiftUs - sound.timeUs(0)) * (double) rate / 1e6);
    List<String> heard = new ArrayList<>();
    List<Long> lags = new ArrayList<>();
    int edge = (int) (EDGE_SECONDS * rate);
    for (int slot = 0; slot < slots; slot++) {
      // The grid counts from the first packet read; the film's container calls its own priming.
      int from = slot * SLOT_SECONDS * rate + (skipped - 1) * FRAME + edge;
      int to = Math.min(film.length, from + SLOT_SECONDS * rate) - 2 * edge;
      from = (int) Math.max(from, -origin + edge);
      to = (int) Math.min(to, out.length - origin - edge);
      Tones.Tone tone = tones.dominant((int) (from + origin), (int) (to + origin));
      long number = Math.round((tone.frequencyHz() - 400) / 50);
      if (tone.level() > LOUD && Math.abs(tone.frequencyHz() - 400 - 50 * number) < 1) {
        heard.add(Long.toString(number));
        continue;
      }
      int lag = lag(out, origin, from, to);
      double alike = correlation(out, origin + lag, from, to);
      heard.add(alike > SAME ? ORIGINAL : "neither: %s, alike %.3f".formatted(tone, alike));
      lags.add(Math.round(lag * 1e6 / rate));
    }
    return new Heard(heard, lags);
  }

  private int lag(float[] out, long origin, int from, int to) {
    int most = (int) (LAG_SECONDS * rate);
    int best = 0;
    double highest = -1;
    // A second of it, which has a beep and a word in it, is enough to find the place.
    int middle = (from + to) / 2;
    for (int lag = -most; lag <= most; lag++) {
      double alike = correlation(out, origin + lag, middle - rate / 2, middle + rate / 2);
      if (alike > highest) {
        highest = alike;
        best = lag;
      }
    }
    return best;
  }

  private double correlation(float[] out, long origin, int from, int to) {
    double both = 0;
    double mine = 0;
    double theirs = 0;
    for (int n = Math.max(from, 0); n < to; n++) {
      double a = film[n];
      double b = out[(int) (n + origin)];
      both += a * b;
      mine += a * a;
      theirs += b * b;
    }
    return mine == 0 || theirs == 0 ? 0 : both / Math.sqrt(mine * theirs);
  }
}
