package babelmux.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code babelmux prepare}: makes every later start of this installation faster. */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Make every later start faster, once after an installation and after an update of Java.",
      "Starts a worker for a moment, on a free port of this machine and without your settings, dubs a film with the",
      "stand-in, and keeps the classes that both load in the folder lib. The build does it, too. Without these files,",
      "or with another Java, babelmux runs as well and starts more slowly. Takes about 15 s."
    })
final class PrepareCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  PrepareCommand() {}

  @Override
  public Integer call() throws Exception {
    Path home = Path.of(System.getProperty("babelmux.home", ""));
    Path library = home.resolve("lib");
    if (home.toString().isEmpty() || !Files.isExecutable(home.resolve("bin/babelmux"))) {
      throw new IllegalStateException("not run by the bin/babelmux of an installation");
    }
    if (!Files.isWritable(library)) {
      throw new IllegalStateException(
          "cannot write to " + library + ": run it as the user who owns the installation");
    }
    for (Path file : new ClassArchive(home).make(LIMIT)) {
      spec.commandLine()
          .getOut()
          .println(
              "prepare: %s, %d MB: babelmux starts faster with Java %s"
                  .formatted(
                      file, Files.size(file) / 1_000_000, System.getProperty("java.version")));
    }
    return 0;
  }
}
