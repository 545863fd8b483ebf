package babelmux.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The page's pure modules, run by Node; not run where there is none. */
class ScriptsTest {

  private static final int MIN_NODE = 18;

  @Test
  void whatThePageDecidesIsRight() throws Exception {
    requireNode();
    Path web = Path.of("src", "main", "resources", "babelmux", "page", "web");
    // Modules that end in .js are taken for CommonJS without a package.json that says otherwise.
    Path copy = Path.of("target", "node");
    Files.createDirectories(copy);
    try (var files = Files.list(web)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".js")).toList()) {
        Files.write(copy.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    Path tests = Path.of("src", "test", "node");
    Files.write(copy.resolve("package.json"), Files.readAllBytes(tests.resolve("package.json")));
    ProcessBuilder builder =
        new ProcessBuilder("node", "--test", "page.test.js").directory(tests.toFile());
    builder.environment().put("WEB", copy.toAbsolutePath().toString());
    builder.redirectErrorStream(true);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    assertThat(said).containsPattern("pass [1-9]\\d").containsPattern("fail 0");
  }

  private static void requireNode() throws InterruptedException {
    String version;
    try {
      Process process = new ProcessBuilder("node", "--version").start();
      version = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (IOException e) {
      version = "";
    }
    if (!version.matches("v\\d+\\..*")
        || Integer.parseInt(version.substring(1, version.indexOf('.'))) < MIN_NODE) {
      String line = "not run: the page's scripts want Node %d or newer".formatted(MIN_NODE);
      System.err.println("[page] " + line);
      abort(line);
    }
  }
}
