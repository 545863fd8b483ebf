package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.bench.PictureTap.Seen;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DestinationsResultTest {
  private static final long FRAME_US = 33_333;
  private static final int GOP = 15;
  private static final DestinationsResult.Hole HOLE =
      new DestinationsResult.Hole(9_000, 8_000, 2, "network: why");

  /** So many pictures from a place on, each later by so much. */
  private static List<Seen> pictures(int connection, int from, int to, long lateMs) {
    List<Seen> all = new ArrayList<>();
    for (int n = from; n < to; n++) {
      long dtsUs = n * FRAME_US;
      all.add(
          new Seen(connection, "sha" + n, dtsUs, n % GOP == 0, dtsUs * 1000 + lateMs * 1_000_000));
    }
    return all;
  }

  private static double value(DestinationsResult result, String name) {
    return result.figures().stream()
        .filter(figure -> figure.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static List<Seen> flaps() {
    List<Seen> all = pictures(0, 0, 50, 0);
    all.addAll(pictures(1, 90, 140, 0));
    all.addAll(pictures(1, 150, 170, 0));
    return all;
  }

  @Test
  void whatIsWholeMeetsTheGoals() {
    DestinationsResult good =
        new DestinationsResult(pictures(0, 0, 300, 0), pictures(0, 15, 300, 40), flaps(), HOLE, 0);
    assertThat(good.figures()).allMatch(Figure::met);
    assertThat(value(good, "healthy destination: added latency max")).isEqualTo(40);
    assertThat(value(good, "reset every 7 s: connections")).isEqualTo(2);
  }

  @Test
  void whatIsMissingIsCounted() {
    List<Seen> healthy = pictures(0, 15, 300, 0);
    healthy.remove(100);
    List<Seen> torn = flaps();
    torn.remove(20);
    torn.addAll(pictures(2, 181, 200, 0));
    List<Seen> out = pictures(0, 0, 300, 0);
    out.remove(3);
    DestinationsResult bad =
        new DestinationsResult(out, healthy, torn, new DestinationsResult.Hole(-1, -1, 5, ""), 7);
    assertThat(value(bad, "output: pictures missing")).isEqualTo(1);
    assertThat(value(bad, "healthy destination: pictures missing")).isEqualTo(1);
    assertThat(value(bad, "reset every 7 s: GOPs that miss a picture")).isEqualTo(2);
    assertThat(bad.figures().stream().filter(figure -> !figure.met()).count()).isEqualTo(7);
  }
}
