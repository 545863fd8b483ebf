package babelmux.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of garbage, and how long health took beside it. Thread-safe. */
final class GarbageTally {
  private static final int MAX_NAMED = 20;

  private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
  private final Collection<String> wrong = new ConcurrentLinkedQueue<>();
  private final LongAdder sent = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder otherStatus = new LongAdder();
  private final LongAdder unanswered = new LongAdder();
  private final LongAdder noConnection = new LongAdder();
  private final LongAdder notSent = new LongAdder();
  private final LongAdder unhealthy = new LongAdder();
  private final Collection<Double> healthMillis = new ConcurrentLinkedQueue<>();

  /**
   * A request has been dealt with.
   *
   * @param status as {@link GarbageClient#send} has it
   */
  void answered(Garbage.Request request, int status) {
    sent.increment();
    answers
        .computeIfAbsent(request.kind().label() + " " + status, key -> new LongAdder())
        .increment();
    if (status >= 400 && status < 500) {
      refused.increment();
    } else if (status > 0) {
      otherStatus.increment();
      name(request, status);
    } else if (status == GarbageClient.NO_CONNECTION) {
      noConnection.increment();
    } else if (request.kind().answered()) {
      unanswered.increment();
      name(request, status);
    }
  }

  private void name(Garbage.Request request, int status) {
    if (wrong.size() < MAX_NAMED) {
      String text = new String(request.bytes(), StandardCharsets.ISO_8859_1);
      wrong.add(
          "%s: %d for %s"
              .formatted(
                  request.kind().label(),
                  status,
                  text.substring(0, Math.min(300, text.length())).replaceAll("[^ -~]", "?")));
    }
  }

  /** A request was due and could not be sent: too many wait for their answers. */
  void notSent() {
    notSent.increment();
  }

  void health(boolean ok, double millis) {
    healthMillis.add(millis);
    if (!ok) {
      unhealthy.increment();
    }
  }

  /** What was not answered as it should be, a line each, some of it. */
  List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** How often each kind was answered in which way. */
  Map<String, Long> answers() {
    Map<String, Long> all = new TreeMap<>();
    answers.forEach((key, count) -> all.put(key, count.sum()));
    return all;
  }

  /** The figures so far. */
  List<Figure> figures(double goalMillis) {
    List<Figure> figures = new ArrayList<>();
    figures.add(Figure.of("requests", (double) sent.sum(), ""));
    figures.add(Figure.of("answered with 4xx", (double) refused.sum(), ""));
    figures.add(Figure.goal("answered with another status", (double) otherStatus.sum(), "", 0.0));
    figures.add(Figure.goal("HTTP without an answer", (double) unanswered.sum(), "", 0.0));
    figures.add(Figure.goal("connections refused", (double) noConnection.sum(), "", 0.0));
    figures.add(Figure.goal("due and not sent", (double) notSent.sum(), "", 0.0));
    double[] millis = healthMillis.stream().mapToDouble(Double::doubleValue).toArray();
    Quantiles health = Quantiles.of(millis);
    figures.add(Figure.of("health, asked", millis.length, ""));
    figures.add(Figure.of("health, p50", health.p50(), "ms"));
    figures.add(Figure.goal("health, p99", health.p99(), "ms", goalMillis));
    figures.add(Figure.of("health, max", health.max(), "ms"));
    figures.add(Figure.goal("health, not 200", (double) unhealthy.sum(), "", 0.0));
    return figures;
  }
}
