package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import babelmux.worker.api.Readiness;
import babelmux.worker.metrics.DestinationMeters;
import babelmux.worker.metrics.HealthReading;
import babelmux.worker.metrics.WorkerMetrics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * The documents say what is so: their commands are understood, the cheap ones run, links lead
 * somewhere.
 */
@Timeout(120)
class DocumentationTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern SHELL = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]+\\]\\(([^)\\s]+)\\)");
  private static final Pattern METRIC =
      Pattern.compile("\\b(?!worker_id\\b)(?:worker|media_service)_[a-z0-9_]*[a-z0-9]\\b");

  /** A class of tests, with or without one of its methods. */
  private static final Pattern NAMED_TEST =
      Pattern.compile("\\b([A-Z][A-Za-z0-9]*[a-z0-9](?:Test|IT))\\b(?:\\.(?!java\\b)([a-z]\\w*))?");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  static List<Path> pages() throws IOException {
    try (Stream<Path> root = Files.list(ROOT);
        Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(root, docs).filter(path -> path.toString().endsWith(".md")).toList();
    }
  }

  /** Every command of ours in a block of shell, without comments. */
  static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    for (Path page : pages()) {
      Matcher block = SHELL.matcher(Files.readString(page));
      while (block.find()) {
        block
            .group(1)
            .lines()
            .map(line -> line.replaceFirst("\\s+[#>].*", ""))
            .filter(line -> line.startsWith("./babelmux"))
            .forEach(commands::add);
      }
    }
    return commands;
  }

  private static String[] arguments(String command) {
    String[] words = command.split(" +");
    return Arrays.copyOfRange(words, 1, words.length);
  }

  private CommandLine commandLine() {
    return Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandIsUnderstood(String command) {
    assertThatCode(() -> commandLine().parseArgs(arguments(command))).doesNotThrowAnyException();
  }

  @Test
  void theReadmeShowsEveryCommand() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    for (String name : List.of("demo", "serve", "dub", "sts-echo", "origin", "doctor")) {
      assertThat(readme).contains("./babelmux " + name);
    }
    assertThat(commandLine().getSubcommands().keySet())
        .allSatisfy(name -> assertThat(readme.toLowerCase(Locale.ROOT)).contains(name));
  }

  @Test
  void theReadmesDubRuns(@TempDir Path dir) throws IOException {
    String command =
        commands().stream()
            .filter(line -> line.startsWith("./babelmux dub fixtures/"))
            .findFirst()
            .orElseThrow();
    Path film = dir.resolve("out.mp4");
    String[] arguments =
        arguments(command.replace(" fixtures/", " ../fixtures/").replace(" out.mp4", " " + film));
    assertThat(commandLine().execute(arguments)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("5 segments dubbed, 0 fell back to original audio");
    assertThat(film).isNotEmptyFile();
  }

  @Test
  void theReadmesDoctorRuns() throws IOException {
    String command =
        commands().stream().filter(line -> line.contains(" doctor ")).findFirst().orElseThrow();
    assertThat(commandLine().execute(arguments(command))).isIn(0, 1);
    assertThat(out.toString()).contains("java").contains("ffmpeg").contains("sts");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(Path page) throws IOException {
    Matcher link = LINK.matcher(Files.readString(page));
    while (link.find()) {
      String target = link.group(1);
      if (!target.startsWith("https://")) {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
        assertThat(file).as(target).exists();
        if (parts.length == 2) {
          assertThat(headings(file)).as(target).contains(parts[1]);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyTestThatIsNamedIsThere(Path page) throws IOException {
    Map<String, List<Path>> tests = tests();
    Matcher named = NAMED_TEST.matcher(Files.readString(page));
    while (named.find()) {
      List<Path> files = tests.getOrDefault(named.group(1), List.of());
      assertThat(files).as(named.group()).isNotEmpty();
      if (named.group(2) != null) {
        Pattern method =
            Pattern.compile("\n  (?:void|\\S*DynamicTest>) %s\\(".formatted(named.group(2)));
        assertThat(Files.readString(files.get(0))).as(named.group()).containsPattern(method);
      }
    }
  }

  /** The sources of each class of tests, by its name, which two modules may have. */
  private static Map<String, List<Path>> tests() throws IOException {
    try (Stream<Path> files = Files.find(ROOT, 20, (file, attributes) -> isTest(file.toString()))) {
      return files.collect(
          Collectors.groupingBy(file -> file.getFileName().toString().replace(".java", "")));
    }
  }

  private static boolean isTest(String file) {
    return file.contains("/src/test/java/")
        && (file.endsWith("Test.java") || file.endsWith("IT.java"));
  }

  /** As GitHub makes anchors of them. */
  private static List<String> headings(Path page) throws IOException {
    try (Stream<String> lines = Files.lines(page)) {
      return lines
          .filter(line -> line.startsWith("#"))
          .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
          .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyMetricIsThere(Path page) throws IOException {
    WorkerMetrics metrics = new WorkerMetrics("1", Duration.ZERO, System::nanoTime);
    try {
      metrics
          .open("demo")
          .destination("out", new DestinationMeters.Reading(() -> 0, () -> 0, () -> 0));
      metrics.open("demo").sentAudio("es");
      metrics.natives(() -> 0, () -> 0);
      metrics.memoryLimit(() -> 0);
      metrics.health(Readiness.COMPONENTS, () -> new HealthReading(true, Map.of()));
      String scraped = metrics.scrape();
      Matcher metric = METRIC.matcher(Files.readString(page));
      while (metric.find()) {
        assertThat(scraped).as(metric.group()).contains("\n" + metric.group());
      }
    } finally {
      metrics.close();
    }
  }
}
