package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KillRoundTest {

  private static Map<String, Double> values(List<Figure> figures) {
    return figures.stream().collect(Collectors.toMap(Figure::name, Figure::value));
  }

  @Test
  void theTableHasTheQuantilesOfTheRounds() {
    List<KillRound> rounds =
        IntStream.rangeClosed(1, 20)
            .mapToObj(i -> new KillRound(100, 100 + i, 100 + 10 * i, 100 + 100 * i))
            .toList();
    List<Figure> figures = KillRound.figures(rounds, 20, 1);
    assertThat(figures).allMatch(Figure::met);
    assertThat(values(figures))
        .containsEntry("start of the process to its port, p50", 10.0)
        .containsEntry("start of the process to all streams read, p95", 190.0)
        .containsEntry("kill to all outputs back, max", 2100.0)
        .containsEntry("publishers of one output at once, max", 1.0);
  }

  @Test
  void aMissingOutputASecondPublisherAndALateOneMissTheGoal() {
    KillRound good = new KillRound(0, 1000, 3000, 10_000);
    assertThat(KillRound.figures(List.of(good), 1, 1)).allMatch(Figure::met);
    assertThat(KillRound.figures(List.of(good), 2, 1)).anyMatch(figure -> !figure.met());
    assertThat(KillRound.figures(List.of(good), 1, 2)).anyMatch(figure -> !figure.met());
    KillRound late = new KillRound(0, 1000, 3001, 10_000);
    assertThat(KillRound.figures(List.of(late), 1, 1)).anyMatch(figure -> !figure.met());
    assertThat(KillRound.figures(List.of(), 1, 0)).anyMatch(figure -> !figure.met());
  }

  @Test
  void publishersOfOutputsAreCountedByPath() throws Exception {
    String list =
        """
        {"items": [
          {"path": "live/a/in", "state": "publish"}, {"path": "live/a/in", "state": "publish"},
          {"path": "live/a/out", "state": "publish"}, {"path": "live/b/out", "state": "publish"},
          {"path": "live/a/out", "state": "read"}, {"path": "live/b/out", "state": "publish"}]}
        """;
    assertThat(PublisherWatch.publishers(new JsonMapper().readTree(list)))
        .isEqualTo(Map.of("live/a/out", 1, "live/b/out", 2));
    assertThat(PublisherWatch.most(new JsonMapper().readTree(list))).isEqualTo(2);
    assertThat(PublisherWatch.most(new JsonMapper().readTree("{}"))).isZero();
  }
}
