package babelmux.meter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds beeps in a stream of samples. A scan with short windows looks for one pure tone of the
 * beeps' pitches; each find is then measured by {@link BeepFit}. Holds a second and a half of
 * sound.
 *
 * <p>The scan goes by means of a few samples each: the pitches end at 2450 Hz, and most of what the
 * meter takes of a processor is this scan.
 */
final class BeepFinder {
  private static final double TONAL = 0.3;
  private static final double QUIET = 0.01;
  private static final int LEAST_SCANNED_RATE = 11_025;
  private static final int MOST_AVERAGED = 4;
  private static final int MIN_WINDOWS = 4;
  private static final int MAX_WINDOWS = 40;

  private final int rate;
  private final int window;
  private final int hop;
  private final int averaged;
  private final double[] coarse;
  private final double[] coefficients = new double[Marks.SECONDS];
  private final List<BeepFit> beeps = new ArrayList<>();
  private float[] buffer;
  private long base;
  private int filled;
  private long scanned;

  private int windowSecond = -1;
  private double windowPower;

  private int runBest;
  private double runPower;
  private int runWindows;
  private long runStart;

  private record Run(long start, long end, int second) {}

  private final List<Run> pending = new ArrayList<>();

  BeepFinder(int rate) {
    this.rate = rate;
    this.window = rate / 50;
    this.hop = window / 2;
    this.averaged = Math.max(1, Math.min(MOST_AVERAGED, rate / LEAST_SCANNED_RATE));
    this.coarse = new double[window / averaged];
    this.buffer = new float[rate * 2];
    for (int n = 0; n < coefficients.length; n++) {
      coefficients[n] = 2 * Math.cos(2 * Math.PI * Marks.beepHz(n) * averaged / rate);
    }
  }

  void accept(float[] mono) {
    for (int done = 0; done < mono.length; ) {
      int count = Math.min(mono.length - done, rate / 4);
      append(mono, done, count);
      scan();
      measure(base + filled - rate / 5);
      done += count;
    }
  }

  List<BeepFit> finish() {
    endRun();
    measure(Long.MAX_VALUE);
    return beeps;
  }

  private void append(float[] mono, int from, int count) {
    if (filled + count > buffer.length) {
      int drop = filled - rate;
      System.arraycopy(buffer, drop, buffer, 0, rate);
      base += drop;
      filled = rate;
    }
    System.arraycopy(mono, from, buffer, filled, count);
    filled += count;
  }

  private void scan() {
    while (scanned + window <= base + filled) {
      int before = windowSecond;
      findPitch((int) (scanned - base));
      if (windowSecond < 0 || before < 0 || Math.abs(windowSecond - before) > 1) {
        endRun();
        runStart = scanned;
        runPower = 0;
      }
      if (windowSecond >= 0) {
        runWindows++;
      }
      if (windowPower > runPower) {
        runPower = windowPower;
        runBest = windowSecond;
      }
      scanned += hop;
    }
  }

  private void endRun() {
    if (runWindows >= MIN_WINDOWS && runWindows <= MAX_WINDOWS) {
      pending.add(new Run(runStart, runStart + (runWindows - 1L) * hop + window, runBest));
    }
    runWindows = 0;
  }

  /** The second whose pitch makes up most of a window; -1 if no pitch stands out. */
  private void findPitch(int from) {
    windowSecond = -1;
    windowPower = 0;
    double energy = 0;
    for (int i = from; i < from + window; i++) {
      energy += buffer[i] * buffer[i];
    }
    if (energy < window * QUIET * QUIET / 2) {
      return;
    }
    double least = TONAL * coarse.length * average(from) / 2;
    for (int n = 0; n < coefficients.length; n++) {
      double power = goertzel(coefficients[n]);
      if (power > least && power > windowPower) {
        windowPower = power;
        windowSecond = n;
      }
    }
  }

  /** Fills {@link #coarse} from a window, and gives its energy. */
  private double average(int from) {
    double energy = 0;
    int i = from;
    for (int n = 0; n < coarse.length; n++) {
      double sum = 0;
      for (int end = i + averaged; i < end; i++) {
        sum += buffer[i];
      }
      coarse[n] = sum / averaged;
      energy += coarse[n] * coarse[n];
    }
    return energy;
  }

  private double goertzel(double coefficient) {
    double s1 = 0;
    double s2 = 0;
    for (double sample : coarse) {
      double s0 = sample + coefficient * s1 - s2;
      s2 = s1;
      s1 = s0;
    }
    return s1 * s1 + s2 * s2 - coefficient * s1 * s2;
  }

  private void measure(long until) {
    while (!pending.isEmpty() && pending.get(0).end <= until) {
      Run run = pending.remove(0);
      long first = Math.max(base, run.start - rate / 5);
      long last = Math.min(base + filled, run.end + rate / 5);
      float[] around = Arrays.copyOfRange(buffer, (int) (first - base), (int) (last - base));
      BeepFit fit = BeepFit.of(around, Marks.beepHz(run.second), rate);
      if (fit != null) {
        beeps.add(fit.movedBy(first));
      }
    }
  }
}
