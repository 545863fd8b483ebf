package babelmux.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Metrics of a worker at one moment, read from its /metrics. Immutable. */
public final class Scrape {
  private static final Pattern SAMPLE =
      Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)$", Pattern.MULTILINE);
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z0-9_]+)=\"([^\"]*)\"");

  private record Sample(String name, Map<String, String> labels, double value) {}

  private final List<Sample> samples = new ArrayList<>();

  private Scrape(String text) {
    Matcher line = SAMPLE.matcher(text);
    while (line.find()) {
      Map<String, String> labels = new HashMap<>();
      if (line.group(2) != null) {
        Matcher label = LABEL.matcher(line.group(2));
        while (label.find()) {
          labels.put(label.group(1), label.group(2));
        }
      }
      samples.add(new Sample(line.group(1), labels, number(line.group(3))));
    }
  }

  /** Reads Prometheus text. */
  public static Scrape of(String text) {
    return new Scrape(text);
  }

  private static double number(String text) {
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  /** The sum of a metric's samples that carry these labels; 0 when there is none. */
  public double sum(String name, Map<String, String> labels) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name))
        .filter(sample -> sample.labels().entrySet().containsAll(labels.entrySet()))
        .mapToDouble(Sample::value)
        .sum();
  }

  /** The largest of a metric's samples; 0 when there is none. */
  public double max(String name) {
    return max(name, Map.of());
  }

  /** The largest of a metric's samples that carry these labels; 0 when there is none. */
  public double max(String name, Map<String, String> labels) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name))
        .filter(sample -> sample.labels().entrySet().containsAll(labels.entrySet()))
        .mapToDouble(Sample::value)
        .max()
        .orElse(0);
  }

  /** The largest of a metric's samples, without their signs; 0 when there is none. */
  public double maxAbs(String name) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name) && !Double.isNaN(sample.value()))
        .mapToDouble(sample -> Math.abs(sample.value()))
        .max()
        .orElse(0);
  }

  /**
   * The bound of the bucket in which the quantile of a histogram lies, over all its series; NaN
   * when nothing was counted.
   *
   * @param quantile between 0 and 1
   */
  public double bucketOf(String name, double quantile) {
    return bucketOf(name, quantile, of(""));
  }

  /** As {@link #bucketOf(String, double)}, of what was counted since an earlier moment. */
  public double bucketOf(String name, double quantile, Scrape before) {
    Map<Double, Double> cumulative = new TreeMap<>();
    addBuckets(cumulative, name, 1);
    before.addBuckets(cumulative, name, -1);
    double all = sum(name + "_count", Map.of()) - before.sum(name + "_count", Map.of());
    return cumulative.entrySet().stream()
        .filter(bucket -> all > 0 && bucket.getValue() >= quantile * all)
        .mapToDouble(Map.Entry::getKey)
        .findFirst()
        .orElse(Double.NaN);
  }

  private void addBuckets(Map<Double, Double> cumulative, String name, int sign) {
    for (Sample sample : samples) {
      if (sample.name().equals(name + "_bucket")) {
        double bound = number(sample.labels().getOrDefault("le", "+Inf"));
        cumulative.merge(bound, sign * sample.value(), Double::sum);
      }
    }
  }
}
