package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("slow")
class LinkDrillTest {

  @Test
  @Timeout(300)
  void twelveLinksRecoverFromAShortDrillAndNothingIsLeftBehind() throws Exception {
    LinkDrill drill = new LinkDrill(12, Duration.ofSeconds(10), Duration.ofSeconds(1), 7);
    LinkDrill.Result result = drill.run(line -> {});
    List<Figure> figures = LinksBench.figures(result);
    assertThat(figures).filteredOn(figure -> !figure.met()).isEmpty();
    assertThat(result.tally().submitted.sum()).isGreaterThanOrEqualTo(12 * 9);
    assertThat(result.tally().dubbed.sum()).as("dubs").isGreaterThan(50);
    assertThat(result.tally().fellBack.sum()).as("fallbacks").isPositive();
    assertThat(result.tally().violations()).as("protocol violations").isPositive();
  }
}
