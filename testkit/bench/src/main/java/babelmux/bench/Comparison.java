package babelmux.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a stream costs beside ffmpeg, in two results of {@code bench performance}. The ratio is
 * compared, since it depends little on the machine. A difference counts when it is larger than the
 * noise: the spreads of the windows that both ratios are made of, each in parts of its mean, added
 * as independent errors are (the root of the sum of the squares), and at least 3 %. Pure.
 *
 * @param what such as {@code 10 streams}
 * @param before worker : ffmpeg
 * @param now worker : ffmpeg
 * @param noise the largest difference that says nothing
 */
record Comparison(String what, double before, double now, double noise) {
  private static final String RATIO = ": worker : ffmpeg";
  private static final double MIN_NOISE = 0.03;

  /**
   * One for each number of streams that both results have.
   *
   * @throws IllegalArgumentException when they have none in common
   */
  static List<Comparison> of(BenchReport before, BenchReport now) {
    List<Comparison> all = new ArrayList<>();
    for (Figure figure : now.figures()) {
      if (figure.name().endsWith(RATIO)) {
        String what = figure.name().substring(0, figure.name().length() - RATIO.length());
        Optional<Double> earlier = value(before, what + RATIO);
        if (earlier.isPresent()) {
          double relative = Math.hypot(spread(before, what), spread(now, what));
          double noise = earlier.get() * Math.max(MIN_NOISE, relative);
          all.add(new Comparison(what, earlier.get(), figure.value(), noise));
        }
      }
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException(
          "expected two results of bench performance with a number of streams in common, not those of %s and %s"
              .formatted(before.command(), now.command()));
    }
    return all;
  }

  private static double spread(BenchReport report, String what) {
    return Math.hypot(spread(report, what, "worker"), spread(report, what, "ffmpeg"));
  }

  private static double spread(BenchReport report, String what, String who) {
    double half = value(report, what + ": " + who + ", ±").orElse(0.0);
    double mean = value(report, what + ": " + who + ", CPU per stream").orElse(Double.NaN);
    return mean > 0 ? half / mean : 0;
  }

  private static Optional<Double> value(BenchReport report, String name) {
    return report.figures().stream()
        .filter(figure -> figure.name().equals(name))
        .map(Figure::value)
        .findFirst();
  }

  boolean isSlower() {
    return now > before + noise;
  }

  String text() {
    String verdict = isSlower() ? "SLOWER" : now < before - noise ? "faster" : "no difference";
    return String.format(
        Locale.ROOT,
        "%s: %.3f x ffmpeg, before %.3f, noise %.3f: %s",
        what,
        now,
        before,
        noise,
        verdict);
  }
}
