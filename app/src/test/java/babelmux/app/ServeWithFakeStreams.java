package babelmux.app;

import babelmux.hooks.HookListener;
import babelmux.hooks.HookVerdict;
import babelmux.hooks.SourceEvent;
import babelmux.hooks.TestStreams;
import babelmux.worker.api.Readiness;
import babelmux.worker.streams.AirVerdict;
import babelmux.worker.streams.BypassRequest;
import babelmux.worker.streams.DestinationRequest;
import babelmux.worker.streams.DestinationVerdict;
import babelmux.worker.streams.StartVerdict;
import babelmux.worker.streams.StreamDirectory;
import babelmux.worker.streams.StreamRequest;
import babelmux.worker.streams.StreamStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** {@code serve} around streams that drain until the end of this process' input. */
final class ServeWithFakeStreams {

  private ServeWithFakeStreams() {}

  public static void main(String[] args) {
    CommandLine commandLine = new CommandLine(new BabelmuxCommand());
    commandLine.addSubcommand(
        SettingOptions.addTo(new ServeCommand((config, metrics) -> new FakeStreams())));
    commandLine.setExpandAtFiles(Main.commandLine().isExpandAtFiles());
    System.exit(commandLine.execute(args));
  }

  private static final class FakeStreams implements StreamRunner, StreamDirectory, HookListener {
    private final TestStreams tests = new TestStreams();
    private volatile boolean draining;

    @Override
    public void start() {}

    @Override
    public StreamDirectory directory() {
      return this;
    }

    @Override
    public HookListener hooks() {
      return this;
    }

    @Override
    public TestStreams tests() {
      return tests;
    }

    @Override
    public Readiness readiness() {
      return draining ? new Readiness(List.of("draining"), List.of()) : Readiness.READY;
    }

    @Override
    public boolean drain(Duration limit) {
      draining = true;
      System.out.println("drain begins");
      try {
        return System.in.read() < 0;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {}

    @Override
    public List<StreamStatus> list() {
      return List.of();
    }

    @Override
    public Optional<StreamStatus> get(String id) {
      return Optional.empty();
    }

    @Override
    public DestinationVerdict add(DestinationRequest request) {
      return new DestinationVerdict.Refused(DestinationVerdict.Reason.NO_STREAM, "no streams");
    }

    @Override
    public DestinationVerdict removeDestination(String id, String name) {
      return new DestinationVerdict.Refused(DestinationVerdict.Reason.NO_STREAM, "no streams");
    }

    @Override
    public boolean end(String id, boolean now) {
      return false;
    }

    @Override
    public StartVerdict start(StreamRequest request) {
      return new StartVerdict.Refused(StartVerdict.Reason.FULL, "no stream can run");
    }

    @Override
    public AirVerdict bypass(String id, BypassRequest request) {
      return new AirVerdict.Refused(AirVerdict.Reason.NO_STREAM, "no streams");
    }

    @Override
    public AirVerdict veto(String id, long slot) {
      return new AirVerdict.Refused(AirVerdict.Reason.NO_STREAM, "no streams");
    }

    @Override
    public int drainAll() {
      return 0;
    }

    @Override
    public boolean acceptAgain() {
      return !draining;
    }

    @Override
    public HookVerdict ready(SourceEvent event) {
      return new HookVerdict.Started();
    }

    @Override
    public HookVerdict notReady(SourceEvent event) {
      return new HookVerdict.Stopped();
    }
  }
}
