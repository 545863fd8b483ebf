package babelmux.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The queries in {@code deploy/}, by what they are for. */
final class ShippedQueries {
  private static final Path DEPLOY =
      Path.of(System.getProperty("e2e.fixtures", "../fixtures")).resolveSibling("deploy");
  static final Path PROMETHEUS = DEPLOY.resolve("prometheus");
  private static final Path DASHBOARD = DEPLOY.resolve("grafana/dashboards/babelmux.json");

  private ShippedQueries() {}

  /** The expression of each alert, by its name. */
  static Map<String, String> alerts() throws IOException {
    Map<String, String> found = new TreeMap<>();
    JsonNode rules = new YAMLMapper().readTree(PROMETHEUS.resolve("alerts.yml").toFile());
    for (JsonNode group : rules.path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        found.put(rule.path("alert").asText(), rule.path("expr").asText());
      }
    }
    return found;
  }

  /** Each query of the dashboard, with all that a viewer may choose chosen, by panel and number. */
  static Map<String, String> dashboard() throws IOException {
    JsonNode dashboard = new JsonMapper().readTree(DASHBOARD.toFile());
    Map<String, String> found = new TreeMap<>();
    for (JsonNode panel : dashboard.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        found.put(
            panel.path("title").asText() + " " + target.path("refId").asText(),
            target
                .path("expr")
                .asText()
                .replace("$__rate_interval", "20s")
                .replace("$instance", ".+")
                .replace("$stream", ".+"));
      }
    }
    return found;
  }

  /** The queries that fill the dashboard's choices, by name. */
  static Map<String, String> choices() throws IOException {
    JsonNode dashboard = new JsonMapper().readTree(DASHBOARD.toFile());
    Map<String, String> found = new TreeMap<>();
    for (JsonNode choice : dashboard.at("/templating/list")) {
      if (choice.path("type").asText().equals("query")) {
        found.put(choice.path("name").asText(), choice.at("/query/query").asText());
      }
    }
    return found;
  }
}
