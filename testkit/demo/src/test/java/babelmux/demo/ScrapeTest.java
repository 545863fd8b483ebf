package babelmux.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ScrapeTest {
  private static final Scrape SCRAPE =
      Scrape.of(
          """
          # HELP t_seconds help
          # TYPE t_seconds histogram
          t_seconds_bucket{id="a",le="0.001"} 10
          t_seconds_bucket{id="a",le="0.01"} 98
          t_seconds_bucket{id="a",le="+Inf"} 100
          t_seconds_count{id="a"} 100
          t_seconds_bucket{id="b",le="0.001"} 90
          t_seconds_bucket{id="b",le="0.01"} 100
          t_seconds_bucket{id="b",le="+Inf"} 100
          t_seconds_count{id="b"} 100
          t_seconds_max{id="a"} 0.5
          t_seconds_max{id="b"} 7.0E-4
          plain 3.0
          """);

  @Test
  void sumsWhatCarriesTheLabels() {
    assertThat(SCRAPE.sum("t_seconds_count", Map.of())).isEqualTo(200);
    assertThat(SCRAPE.sum("t_seconds_bucket", Map.of("id", "b", "le", "0.001"))).isEqualTo(90);
    assertThat(SCRAPE.sum("plain", Map.of())).isEqualTo(3);
    assertThat(SCRAPE.sum("plain", Map.of("id", "a"))).isZero();
    assertThat(SCRAPE.max("t_seconds_max")).isEqualTo(0.5);
  }

  @Test
  void findsTheBucketOfAQuantileOverAllSeries() {
    assertThat(SCRAPE.bucketOf("t_seconds", 0.5)).isEqualTo(0.001);
    assertThat(SCRAPE.bucketOf("t_seconds", 0.99)).isEqualTo(0.01);
    assertThat(SCRAPE.bucketOf("t_seconds", 1)).isInfinite();
    assertThat(SCRAPE.bucketOf("none", 0.5)).isNaN();
  }
}
