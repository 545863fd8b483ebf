package babelmux.app;

import babelmux.app.drill.Drill;
import babelmux.app.drill.DrillPart;
import babelmux.app.drill.DrillStep;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code babelmux drill}: faults between one's own parts. */
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    description = {
      "Make faults between the parts of an installation, to see what happens before an event does.",
      "Starts a TCP proxy on this machine before each server that is named. The worker is given the"
          + " proxy's URL.",
      "Never for a stream that matters."
    })
final class DrillCommand implements Callable<Integer> {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private CommandSpec spec;

  @Mixin private LogOptions log = new LogOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME=URL",
      description =
          "A server and the name that it has in steps, such as sts=http://127.0.0.1:3000.")
  private Map<String, String> servers = new LinkedHashMap<>();

  @Option(
      names = "--listen",
      paramLabel = "NAME=PORT",
      description = "Port of this machine that the proxy listens on. Default: a free one.")
  private Map<String, Integer> ports = new LinkedHashMap<>();

  @Option(
      names = "--step",
      paramLabel = "STEP",
      description = "A step, in the order given; after the last one the drill ends.")
  private List<String> steps = new ArrayList<>();

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description = "Steps, a line each; # begins a comment. Default: steps from standard input.")
  private @Nullable Path script;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  DrillCommand() {}

  /** Adds the steps that there are to the help. */
  @Spec
  void spec(CommandSpec given) {
    spec = given;
    List<String> footer = new ArrayList<>(List.of("", "Steps:"));
    DrillStep.HELP.forEach(line -> footer.add("  " + line));
    footer.add("");
    footer.add(
        "Example: babelmux drill sts=http://127.0.0.1:3000 --step 'wait 30s' --step 'sts down for"
            + " 60s'");
    footer.add("What to expect of each fault is in docs/drills.md.");
    spec.usageMessage().footer(footer.toArray(String[]::new));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    log.setUp();
    Map<String, DrillPart> parts = parts();
    List<DrillStep> given = given(parts.keySet());
    try (Termination termination = Termination.install(Duration.ZERO)) {
      // Nothing has to be put in order: a signal ends the drill where it is.
      termination.finished(0);
      try (Drill drill = Drill.open(parts, this::say)) {
        parts.forEach(
            (name, part) ->
                say("%s: %s in place of %s".formatted(name, drill.url(name), part.url())));
        for (DrillStep step : given) {
          drill.run(step);
        }
        if (given.isEmpty()) {
          converse(drill);
        }
        say("over");
      }
    }
    return 0;
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("drill: %s %s".formatted(TIME.format(LocalTime.now(ZoneId.systemDefault())), line));
    out.flush();
  }

  /** Steps from standard input, to its end; a wrong one is told and left out. */
  private void converse(Drill drill) throws IOException, InterruptedException {
    say("steps from standard input, a line each; help tells which, quit ends");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      switch (line.strip()) {
        case "" -> {}
        case "help" -> DrillStep.HELP.forEach(spec.commandLine().getOut()::println);
        case "quit" -> {
          return;
        }
        default -> step(drill, line);
      }
    }
  }

  private void step(Drill drill, String line) throws InterruptedException {
    DrillStep step;
    try {
      step = DrillStep.parse(line, drill.parts());
    } catch (IllegalArgumentException e) {
      say(String.valueOf(e.getMessage()));
      return;
    }
    drill.run(step);
  }

  private Map<String, DrillPart> parts() {
    Map<String, DrillPart> parts = new LinkedHashMap<>();
    servers.forEach(
        (name, url) ->
            parts.put(
                checked("NAME=URL", () -> DrillPart.name(name)),
                new DrillPart(server(name, url), port(name))));
    for (String name : ports.keySet()) {
      if (!parts.containsKey(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "--listen: '%s', expected one of %s"
                .formatted(name, String.join(", ", parts.keySet())));
      }
    }
    return parts;
  }

  private URI server(String name, String url) {
    return checked("NAME=URL: " + name, () -> DrillPart.server(url));
  }

  private int port(String name) {
    int port = ports.getOrDefault(name, 0);
    if (port < 0 || port > 65_535) {
      throw new ParameterException(
          spec.commandLine(), "--listen: %d, expected a port number, 0 to 65535".formatted(port));
    }
    return port;
  }

  private List<DrillStep> given(Set<String> parts) {
    List<String> lines = new ArrayList<>(steps);
    if (script != null) {
      lines.addAll(lines(script));
    }
    List<DrillStep> all = new ArrayList<>();
    for (String line : lines) {
      String step = line.split("#", 2)[0].strip();
      if (!step.isEmpty()) {
        all.add(checked("--step", () -> DrillStep.parse(step, parts)));
      }
    }
    if (all.isEmpty() && (script != null || !steps.isEmpty())) {
      throw new ParameterException(spec.commandLine(), "--step, --script: expected a step");
    }
    return all;
  }

  private List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "--script: %s cannot be read".formatted(file), e);
    }
  }

  private <T> T checked(String what, Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), what + ": " + e.getMessage(), e);
    }
  }
}
