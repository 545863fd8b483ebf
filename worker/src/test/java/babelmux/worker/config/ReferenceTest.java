package babelmux.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * The annotated file and the table in the documentation say what the declarations say. After a
 * change of a declaration, {@code mvn -pl worker/tests -am test -Dtest=ReferenceTest
 * -Dbabelmux.write=true -Dsurefire.failIfNoSpecifiedTests=false} rewrites both.
 */
class ReferenceTest {

  private static final Path REFERENCE = Path.of("src/main/resources/babelmux-reference.yml");
  private static final Path PAGE = Path.of("../docs/configuration.md");
  private static final String BEGIN = "<!-- settings: written by ReferenceTest -->\n";
  private static final String END = "<!-- end of settings -->\n";

  @Test
  void theReferenceFileHoldsEveryKeyAtItsDefault() throws IOException {
    assertSame(REFERENCE, reference());
    WorkerConfig config = ConfigLoader.load(Map.of(), Map.of(), REFERENCE).config();
    assertThat(config).isEqualTo(WorkerConfig.defaults());
  }

  @Test
  void thePageListsEverySetting() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(begin).isGreaterThan(BEGIN.length()).isLessThanOrEqualTo(end);
    assertSame(PAGE, page.substring(0, begin) + table() + page.substring(end));
  }

  private static void assertSame(Path file, String wanted) throws IOException {
    if (Boolean.getBoolean("babelmux.write")) {
      Files.writeString(file, wanted);
    }
    assertThat(Files.readString(file)).isEqualTo(wanted);
  }

  private static String reference() {
    StringBuilder yaml =
        new StringBuilder(
            """
            # All settings of `babelmux serve` at their defaults. A key without a value is not set.
            # Give a file with --config FILE or BABELMUX_CONFIG; flags and environment come before it.
            """);
    List<String> open = List.of();
    for (Setting<?> setting : inSections()) {
      List<String> path = List.of(setting.key().split("\\."));
      List<String> section = path.subList(0, path.size() - 1);
      String indent = "  ".repeat(section.size());
      yaml.append('\n');
      if (!section.equals(open) && !section.isEmpty()) {
        yaml.append(String.join(".", section)).append(":\n");
      }
      open = section;
      for (String line : wrapped(setting.help(), 96 - indent.length())) {
        yaml.append(indent).append("# ").append(line).append('\n');
      }
      for (String line : wrapped("Expected: " + setting.expected() + ".", 96 - indent.length())) {
        yaml.append(indent).append("# ").append(line).append('\n');
      }
      if (setting.unset() != null) {
        yaml.append(indent).append("# Not set: ").append(setting.unset()).append(".\n");
      }
      yaml.append(indent).append(path.get(path.size() - 1)).append(':');
      if (setting.defaultText() != null) {
        yaml.append(" '").append(setting.defaultText()).append("'");
      }
      yaml.append('\n');
    }
    return yaml.toString();
  }

  /** A YAML mapping may stand only once: the settings of a section must be together. */
  private static List<Setting<?>> inSections() {
    List<String> sections =
        Catalog.all().stream().map(setting -> sectionOf(setting)).distinct().toList();
    List<Setting<?>> sorted = new ArrayList<>();
    for (String section : sections) {
      Catalog.all().stream()
          .filter(setting -> sectionOf(setting).equals(section))
          .forEach(sorted::add);
    }
    return sorted;
  }

  private static String sectionOf(Setting<?> setting) {
    int dot = setting.key().lastIndexOf('.');
    return dot < 0 ? "" : setting.key().substring(0, dot);
  }

  private static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private static String table() {
    StringBuilder table =
        new StringBuilder("| key | flag | environment | default | |\n|---|---|---|---|---|\n");
    for (Setting<?> setting : Catalog.all()) {
      String standard =
          setting.defaultText() == null
              ? Objects.requireNonNull(setting.unset())
              : "`" + setting.defaultText() + "`";
      table.append(
          "| `%s` | `%s` | %s | %s | %s Expected: %s. |\n"
              .formatted(
                  setting.key(),
                  setting.flag(),
                  "`" + String.join("` `", setting.envNames()) + "`",
                  standard,
                  setting.help(),
                  setting.expected()));
    }
    return table.toString().replace("|live", "\\|live");
  }
}
