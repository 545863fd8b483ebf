package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The alert rules of {@code deploy/prometheus}, their unit tests, and what docs/alerts.md says. */
@Timeout(120)
class AlertRulesTest {
  private static final Path DEPLOY = Path.of("../deploy").toAbsolutePath().normalize();
  private static final Path PROMETHEUS = DEPLOY.resolve("prometheus");
  private static final Path PAGE = Path.of("../docs/alerts.md");
  private static final Pattern SECTION =
      Pattern.compile("(?m)^### (\\w+)\\n\\n\\*(\\w+), fires ([^*]+)\\.\\* ");
  private static final Pattern ADDRESS = Pattern.compile("([\\w.-]+):\\d{2,5}\\b");

  private static List<JsonNode> list(JsonNode array) {
    return Stream.iterate(0, i -> i < array.size(), i -> i + 1).map(array::get).toList();
  }

  private static JsonNode yaml(String file) throws IOException {
    return new YAMLMapper().readTree(PROMETHEUS.resolve(file).toFile());
  }

  private static Map<String, JsonNode> rules() throws IOException {
    Map<String, JsonNode> rules = new TreeMap<>();
    for (JsonNode group : list(yaml("alerts.yml").path("groups"))) {
      list(group.path("rules")).forEach(rule -> rules.put(rule.path("alert").asText(), rule));
    }
    return rules;
  }

  /** As the page says it. */
  private static String fires(JsonNode rule) {
    String time = rule.path("for").asText("");
    return time.isEmpty()
        ? "at once"
        : "after " + time.replace("m", " min").replaceAll("(\\d)s", "$1 s");
  }

  @Test
  void eachAlertHasItsSectionWithItsSeverityAndTime() throws IOException {
    Map<String, String> sections = new TreeMap<>();
    Matcher section = SECTION.matcher(Files.readString(PAGE));
    while (section.find()) {
      sections.put(section.group(1), section.group(2) + ", " + section.group(3));
    }
    Map<String, String> wanted = new TreeMap<>();
    rules()
        .forEach(
            (name, rule) ->
                wanted.put(name, rule.at("/labels/severity").asText() + ", " + fires(rule)));
    assertThat(sections).isEqualTo(wanted);
    assertThat(Files.readString(PAGE).split("\n### ", -1)).hasSize(wanted.size() + 1);
  }

  @Test
  void eachSectionSaysWhatViewersSeeAndWhatToDo() throws IOException {
    List<String> sections = List.of(Files.readString(PAGE).split("\n### ", -1));
    assertThat(sections.subList(1, sections.size()))
        .allSatisfy(
            section ->
                assertThat(section)
                    .containsPattern("(?i)\\bviewers\\b")
                    .containsPattern("(?i)\\bdo\\b"));
  }

  @Test
  void eachAlertSaysWhatItIsAndLeadsToItsSection() throws IOException {
    rules()
        .forEach(
            (name, rule) -> {
              JsonNode said = rule.path("annotations");
              assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
              assertThat(said.path("summary").asText()).as(name).isNotEmpty();
              assertThat(said.path("description").asText()).as(name).isNotEmpty();
              assertThat(said.path("runbook_url").asText())
                  .isEqualTo("docs/alerts.md#" + name.toLowerCase(Locale.ROOT));
            });
  }

  @Test
  void eachAlertHasACaseInWhichItFiresAndOneInWhichItIsSilent() throws IOException {
    Map<String, Integer> firing = new HashMap<>();
    Map<String, Integer> silent = new HashMap<>();
    for (JsonNode test : list(yaml("alerts.test.yml").path("tests"))) {
      for (JsonNode look : list(test.path("alert_rule_test"))) {
        (look.path("exp_alerts").isEmpty() ? silent : firing)
            .merge(look.path("alertname").asText(), 1, Integer::sum);
      }
    }
    assertThat(firing.keySet()).isEqualTo(rules().keySet());
    assertThat(silent.keySet()).isEqualTo(rules().keySet());
  }

  @ParameterizedTest
  @Tag("slow")
  @ValueSource(
      strings = {
        "check config prometheus.yml",
        "check rules alerts.yml",
        "test rules alerts.test.yml"
      })
  void promtoolFindsNothingWrong(String command) throws Exception {
    assumeTrue(
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool"))),
        "no promtool: alert rules were not tested");
    Process process =
        new ProcessBuilder(("promtool " + command).split(" "))
            .directory(PROMETHEUS.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    assertThat(said).contains("SUCCESS").doesNotContain("FAILED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prometheus", "grafana"})
  void nothingIsAskedOfAnotherMachine(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(DEPLOY.resolve(folder))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Matcher address = ADDRESS.matcher(Files.readString(file));
        while (address.find()) {
          assertThat(address.group(1)).as("%s", file).isIn("127.0.0.1", "worker", "prometheus");
        }
      }
    }
  }
}
