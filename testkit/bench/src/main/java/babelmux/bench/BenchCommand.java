package babelmux.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code babelmux bench}: what stands above the benchmarks. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    subcommands = {
      HooksBench.class,
      StartBench.class,
      StartupBench.class,
      CpuBench.class,
      PerformanceBench.class,
      CompareBench.class,
      CapacityBench.class,
      LinksBench.class,
      HourBench.class,
      SoakBench.class,
      KillsBench.class,
      CyclesBench.class,
      RelayBench.class,
      DestinationsBench.class,
      GarbageBench.class
    },
    description = {
      "Measure this build on this machine.",
      "Loopback only, ends by itself, writes no file. Exit code 1 when a goal is missed. Results"
          + " worth keeping",
      "are in docs/benchmarks.md."
    },
    footer = {"", "Example: babelmux bench hooks --json"})
public final class BenchCommand implements Runnable {

  @Spec private CommandSpec spec;

  private final HostProgram program;

  /**
   * @param program that this is a command of
   */
  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  public BenchCommand(HostProgram program) {
    this.program = program;
  }

  HostProgram program() {
    return program;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "which benchmark: hooks, start, startup, cpu, performance, compare, capacity, links, hour, soak, kills, cycles, relay, destinations or garbage?");
  }
}
