package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StartupBenchTest {

  @Test
  void theMedianIsHeldAgainstTheGoal() {
    List<Figure> good = StartupBench.figures("serve", new double[] {3000, 900, 1000}, 1000);
    assertThat(good).allMatch(Figure::met);
    assertThat(good).extracting(Figure::value).containsExactly(1000.0, 3000.0, 900.0, 3000.0);
    assertThat(StartupBench.figures("serve", new double[] {900, 1001, 1200}, 1000))
        .anyMatch(figure -> !figure.met());
  }
}
