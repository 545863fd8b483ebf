package babelmux.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.api.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The table of metrics in docs/api.md names the metrics that there are, with the label values that
 * there are: all series of a stream are there from its start. After a new value of an enum, add it
 * to its row.
 */
class DocumentedMetricsTest {

  private static final Path PAGE = Path.of("../docs/api.md");
  private static final Set<String> FREE_LABELS =
      Set.of("stream_id", "destination", "target_language", "version", "le");
  private static final Pattern CODE = Pattern.compile("`([^`]*)`");
  private static final Pattern SERIES = Pattern.compile("([a-z_]+)(?:\\{([^}]*)\\})? \\S+");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

  /** By metric and label, {@code name label}; a metric without such labels has an empty set. */
  private static Map<String, Set<String>> documented() throws IOException {
    Map<String, Set<String>> found = new TreeMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      String[] cells = line.split("\\|", -1);
      if (cells.length < 5 || !cells[1].matches(" `(worker|media_service|process)_.*")) {
        continue;
      }
      for (String name : codes(cells[1])) {
        addLabels(found, name, cells[2]);
      }
    }
    return found;
  }

  private static void addLabels(Map<String, Set<String>> found, String name, String cell) {
    found.put(name, new TreeSet<>());
    for (String label : cell.split(",", -1)) {
      List<String> values = codes(label);
      if (values.size() > 1) {
        found.put(name + " " + values.get(0), new TreeSet<>(values.subList(1, values.size())));
      }
    }
  }

  private static List<String> codes(String cell) {
    return CODE.matcher(cell).results().map(match -> match.group(1)).toList();
  }

  private static Map<String, Set<String>> exported() {
    Map<String, Set<String>> found = new TreeMap<>();
    try (WorkerMetrics metrics = new WorkerMetrics("1", Duration.ofMinutes(1), System::nanoTime);
        StreamMeters stream = metrics.open("x")) {
      metrics.natives(() -> 0, () -> 0);
      metrics.memoryLimit(() -> 0);
      metrics.health(Readiness.COMPONENTS, () -> new HealthReading(true, Map.of()));
      stream.sentAudio("es");
      stream.destination("out", DestinationMeters.Reading.NONE);
      Set<String> families = new TreeSet<>();
      for (String line : metrics.scrape().split("\n", -1)) {
        if (line.startsWith("# TYPE ")) {
          families.add(line.split(" ", -1)[2]);
          continue;
        }
        Matcher series = SERIES.matcher(line);
        if (series.matches()) {
          add(found, families, series.group(1), series.group(2) == null ? "" : series.group(2));
        }
      }
    }
    return found;
  }

  private static void add(
      Map<String, Set<String>> found, Set<String> families, String series, String labels) {
    String name =
        families.contains(series) ? series : series.replaceFirst("_(bucket|sum|count|max)$", "");
    if (!name.matches("(worker|media_service)_.*|process_resident_memory_bytes")
        || series.endsWith("_max")) {
      return;
    }
    found.computeIfAbsent(name, key -> new TreeSet<>());
    Matcher label = LABEL.matcher(labels);
    while (label.find()) {
      if (!FREE_LABELS.contains(label.group(1))) {
        found
            .computeIfAbsent(name + " " + label.group(1), key -> new TreeSet<>())
            .add(label.group(2));
      }
    }
  }

  @Test
  void thePageNamesTheMetricsAndLabelValuesThatThereAre() throws IOException {
    assertThat(documented()).isEqualTo(exported());
  }
}
