package babelmux.app;

import babelmux.bench.BenchCommand;
import babelmux.bench.HostProgram;
import babelmux.demo.Distribution;
import babelmux.worker.config.LogConfig;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** This program, for its benchmarks. */
final class ThisProgram implements HostProgram {

  /** {@code bench}. Made here: {@link Tools} is loaded where its class is not installed, too. */
  static Object bench() {
    return new BenchCommand(new ThisProgram());
  }

  /** The launcher, or the same Java with the same class path. */
  @Override
  public List<String> command() {
    Path launcher = Distribution.home().resolve("bin/babelmux");
    if (!System.getProperty("babelmux.home", "").isEmpty() && Files.isExecutable(launcher)) {
      return List.of(launcher.toString());
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName());
  }

  @Override
  public void logErrorsOnly() {
    Logging.setUp(LogConfig.of("error", "text"));
  }

  @Override
  public Progress progress(PrintWriter out) {
    ProgressLine line = new ProgressLine(out);
    return new Progress() {
      @Override
      public void show(String text) {
        line.show(text);
      }

      @Override
      public void end() {
        line.end();
      }
    };
  }
}
