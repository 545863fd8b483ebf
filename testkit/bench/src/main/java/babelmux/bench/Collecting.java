package babelmux.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Time that a Java process has spent collecting garbage, asked with the JDK's jcmd. */
final class Collecting {
  private static final long LIMIT_SECONDS = 10;
  private static final Pattern COLLECTOR =
      Pattern.compile("^sun\\.gc\\.collector\\.\\d+\\.time=(\\d+)$", Pattern.MULTILINE);
  private static final Pattern FREQUENCY =
      Pattern.compile("^sun\\.os\\.hrt\\.frequency=(\\d+)$", Pattern.MULTILINE);

  private Collecting() {}

  /** Seconds since the process started; NaN where the JDK does not tell. */
  static double seconds(long pid) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.isExecutable(jcmd)) {
      return Double.NaN;
    }
    Path said = Files.createTempFile("babelmux-jcmd", ".txt");
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), "PerfCounter.print")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)
          ? parse(Files.readString(said, StandardCharsets.UTF_8))
          : Double.NaN;
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(said);
    }
  }

  /** Reads what {@code PerfCounter.print} prints. */
  static double parse(String counters) {
    Matcher frequency = FREQUENCY.matcher(counters);
    if (!frequency.find()) {
      return Double.NaN;
    }
    return COLLECTOR
            .matcher(counters)
            .results()
            .mapToLong(match -> Long.parseLong(match.group(1)))
            .sum()
        / Double.parseDouble(frequency.group(1));
  }
}
