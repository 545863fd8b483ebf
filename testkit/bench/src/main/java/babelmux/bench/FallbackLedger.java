package babelmux.bench;

import java.util.List;

/** Fallbacks of each stream, and those that no injected fault explains. One thread. */
final class FallbackLedger {
  private final List<SoakSchedule.Injection> injections;
  private final double[] seen;
  private final double[] unexplained;
  private double explained;
  private double lastSecond;

  /**
   * @param counts of each stream when the measurement begins
   */
  FallbackLedger(List<SoakSchedule.Injection> injections, double[] counts) {
    this.injections = List.copyOf(injections);
    this.seen = counts.clone();
    this.unexplained = new double[counts.length];
  }

  /**
   * Takes the counters of a moment.
   *
   * @param second since the measurement began, later than the one before
   * @param counts of each stream; a smaller one than before is that of a new session
   */
  void add(double second, double[] counts) {
    for (int i = 0; i < counts.length; i++) {
      int stream = i;
      double more = counts[i] >= seen[i] ? counts[i] - seen[i] : counts[i];
      seen[i] = counts[i];
      if (injections.stream().anyMatch(one -> one.explains(stream, lastSecond, second))) {
        explained += more;
      } else {
        unexplained[i] += more;
      }
    }
    lastSecond = second;
  }

  double explained() {
    return explained;
  }

  double unexplained() {
    double sum = 0;
    for (double one : unexplained) {
      sum += one;
    }
    return sum;
  }
}
