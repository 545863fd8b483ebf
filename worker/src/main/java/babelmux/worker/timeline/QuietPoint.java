package babelmux.worker.timeline;

/**
 * Finds where a track is quietest near a moment: the energies of its last seconds, in windows of 20
 * ms. Not thread-safe.
 */
public final class QuietPoint {
  /** Length of a window. */
  public static final long WINDOW_US = 20_000;

  // A tenth of a second must be quiet: the closure of a consonant is shorter, a pause is not.
  private static final int SMOOTHED = 5;

  private final int windowSamples;
  private final double[] energies;
  private long firstSample;
  private long windows;

  /**
   * @param rate of the samples
   * @param rememberedUs how far back can be asked for
   */
  public QuietPoint(SampleRate rate, long rememberedUs) {
    this.windowSamples = (int) rate.samplesAt(WINDOW_US);
    this.energies = new double[(int) (rememberedUs / WINDOW_US) + 2 * SMOOTHED];
  }

  /** Samples in a window. */
  public int windowSamples() {
    return windowSamples;
  }

  /** Another run: its first window begins at a sample. */
  public void start(long sample) {
    firstSample = sample;
    windows = 0;
  }

  /** The first sample of the next window. */
  public long next() {
    return firstSample + windows * windowSamples;
  }

  /**
   * @param energy mean square of the next window
   */
  public void add(double energy) {
    energies[(int) (windows++ % energies.length)] = energy;
  }

  /**
   * The middle of the quietest tenth of a second around {@code nominal}; of equal ones the nearest.
   * {@code nominal} itself where nothing is known.
   *
   * @param slackSamples how far it may be from {@code nominal}
   */
  public long near(long nominal, long slackSamples) {
    long best = nominal;
    double least = Double.MAX_VALUE;
    long from = Math.max(windows - energies.length, indexOf(nominal - slackSamples) + 1);
    long to = Math.min(windows - SMOOTHED, indexOf(nominal + slackSamples) - SMOOTHED);
    for (long first = Math.max(0, from); first <= to; first++) {
      long middle = firstSample + first * windowSamples + SMOOTHED * windowSamples / 2;
      double energy = mean(first);
      boolean nearer = Math.abs(middle - nominal) < Math.abs(best - nominal);
      if (energy < least || (energy == least && nearer)) {
        least = energy;
        best = middle;
      }
    }
    return best;
  }

  private long indexOf(long sample) {
    return Math.floorDiv(sample - firstSample, windowSamples);
  }

  private double mean(long first) {
    double sum = 0;
    for (int n = 0; n < SMOOTHED; n++) {
      sum += energies[(int) ((first + n) % energies.length)];
    }
    return sum;
  }
}
