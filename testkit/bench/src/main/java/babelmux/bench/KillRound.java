package babelmux.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Times of one kill -9 of a worker under its streams, milliseconds after the kill.
 *
 * @param startedMs when the next process was started
 * @param listeningMs when it answered on its port
 * @param takenUpMs when it had read a packet of every stream
 * @param backMs when every output was listed again
 */
record KillRound(double startedMs, double listeningMs, double takenUpMs, double backMs) {

  /** The goal of the issue: taken up so long after the start. */
  static final double TAKEN_UP_GOAL_MS = 3000;

  /**
   * The rounds as a table.
   *
   * @param kills how many rounds there were to be
   * @param mostPublishers publishers that one output had at once
   */
  static List<Figure> figures(List<KillRound> rounds, int kills, int mostPublishers) {
    List<Figure> figures = new ArrayList<>();
    figures.add(Figure.of("kills", kills, ""));
    figures.add(
        Figure.goal("kills after which an output stayed away", kills - rounds.size(), "", 0));
    figures.add(Figure.goal("publishers of one output at once, max", mostPublishers, "", 1));
    if (!rounds.isEmpty()) {
      add(figures, rounds, "start of the process to its port", null, KillRound::startup);
      add(
          figures,
          rounds,
          "start of the process to all streams read",
          TAKEN_UP_GOAL_MS,
          round -> round.takenUpMs() - round.startedMs());
      add(figures, rounds, "kill to all outputs back", null, KillRound::backMs);
    }
    return figures;
  }

  private double startup() {
    return listeningMs - startedMs;
  }

  private static void add(
      List<Figure> figures,
      List<KillRound> rounds,
      String name,
      @Nullable Double maxGoal,
      ToDoubleFunction<KillRound> value) {
    Quantiles all = Quantiles.of(rounds.stream().mapToDouble(value).toArray());
    figures.add(Figure.of(name + ", p50", all.p50(), "ms"));
    figures.add(Figure.of(name + ", p95", all.p95(), "ms"));
    String max = name + ", max";
    figures.add(
        maxGoal == null
            ? Figure.of(max, all.max(), "ms")
            : Figure.goal(max, all.max(), "ms", maxGoal));
  }
}
