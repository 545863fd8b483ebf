package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.Web;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every metric, label and label value that alerts and dashboard ask for is in a scrape of a running
 * worker. Needs no Prometheus.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueriesIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Pattern SAMPLE =
      Pattern.compile("^([a-z_]+)(?:\\{(.*)\\})? \\S+$", Pattern.MULTILINE);
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

  /** What Prometheus makes by itself. */
  private static final Set<String> ITS_METRICS = Set.of("up", "ALERTS");

  private static final Set<String> ITS_LABELS =
      Set.of("instance", "job", "alertname", "alertstate");

  /** Named by the operator. */
  private static final Set<String> FREE_LABELS = Set.of("stream_id", "destination");

  private static final Pattern LABEL_LIST = Pattern.compile("\\b(?:by|on) \\(([^)]*)\\)");
  private static final Pattern SELECTOR = Pattern.compile("\\b([a-zA-Z_]+)\\b(?:\\{([^}]*)\\})?");
  private static final Pattern MATCHER = Pattern.compile("([a-z_]+)(=~|!~|!=|=)\"([^\"]*)\"");
  private static final Pattern CHOICE = Pattern.compile("label_values\\((.*), ([a-z_]+)\\)");

  /** Words of the language, no metrics. */
  private static final Set<String> WORDS =
      Set.of(
          "sum",
          "min",
          "count",
          "rate",
          "increase",
          "abs",
          "histogram_quantile",
          "max_over_time",
          "vector",
          "and",
          "or",
          "s",
          "m");

  // By metric: its labels, and their values.
  private final Map<String, Map<String, Set<String>>> scraped = new HashMap<>();

  @BeforeAll
  void scrape() throws Exception {
    Map<String, String> settings = Map.of("output.destinations", "side={rtmp-url}/side/{id}");
    try (Running running = Running.start(StsEchoConfig.builder(), settings);
        MediaTask publisher = running.publish("demo", Films.noBframes())) {
      running.awaitState("demo", "BUFFERING", LIMIT);
      Matcher sample = SAMPLE.matcher(Web.text(running.url("/metrics")));
      while (sample.find()) {
        Map<String, Set<String>> labels =
            scraped.computeIfAbsent(sample.group(1), name -> new HashMap<>());
        Matcher label = LABEL.matcher(String.valueOf(sample.group(2)));
        while (label.find()) {
          labels.computeIfAbsent(label.group(1), name -> new LinkedHashSet<>()).add(label.group(2));
        }
      }
      assertThat(publisher.said()).isEmpty();
    }
  }

  @AfterAll
  void forget() {
    scraped.clear();
  }

  static Stream<Arguments> queries() throws IOException {
    return Stream.of(ShippedQueries.alerts(), ShippedQueries.dashboard(), ShippedQueries.choices())
        .flatMap(queries -> queries.entrySet().stream())
        .map(query -> Arguments.of(query.getKey(), query.getValue()));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void asksForWhatIsThere(String name, String query) {
    assertThat(name).isNotEmpty();
    Matcher choice = CHOICE.matcher(query);
    String asked = choice.matches() ? choice.group(1) : query;
    Set<String> wanted = new LinkedHashSet<>();
    Matcher list = LABEL_LIST.matcher(asked);
    while (list.find()) {
      wanted.addAll(Set.of(list.group(1).split(", ")));
    }
    if (choice.matches()) {
      wanted.add(choice.group(2));
    }
    wanted.removeAll(ITS_LABELS);
    String selectors = LABEL_LIST.matcher(asked).replaceAll("").replaceAll("\\[\\w+\\]", "");
    Set<String> found = new LinkedHashSet<>();
    int metrics = 0;
    Matcher selector = SELECTOR.matcher(selectors);
    while (selector.find()) {
      if (!WORDS.contains(selector.group(1))) {
        metrics++;
        found.addAll(labels(selector.group(1), String.valueOf(selector.group(2))));
      }
    }
    assertThat(metrics).as(query).isPositive();
    if (!ITS_METRICS.contains(selectors.replaceFirst("^count\\(", "").split("\\{", 2)[0])) {
      assertThat(found).as(query).containsAll(wanted);
    }
  }

  /** Checks a selector; the labels that its metric has. */
  private Set<String> labels(String metric, String matchers) {
    if (ITS_METRICS.contains(metric)) {
      return Set.of();
    }
    assertThat(scraped).containsKey(metric);
    Map<String, Set<String>> labels = scraped.getOrDefault(metric, Map.of());
    Matcher matcher = MATCHER.matcher(matchers);
    while (matcher.find()) {
      String label = matcher.group(1);
      if (ITS_LABELS.contains(label)) {
        continue;
      }
      assertThat(labels).as(metric).containsKey(label);
      if (!FREE_LABELS.contains(label)) {
        assertThat(labels.get(label))
            .as(metric + " " + label)
            .containsAll(Set.of(matcher.group(3).split("\\|")));
      }
    }
    return labels.keySet();
  }
}
