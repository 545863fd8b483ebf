package babelmux.app.support;

import babelmux.app.logging.RecentLog;
import babelmux.worker.api.Readiness;
import babelmux.worker.api.Support;
import babelmux.worker.streams.StreamDebug;
import babelmux.worker.streams.StreamDirectory;
import babelmux.worker.streams.StreamStatus;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes the report of a running worker. Any thread but an event loop. */
public final class SupportReport implements Supplier<Support> {

  private final String version;
  private final List<String> settings;
  private final StreamDirectory streams;
  private final Supplier<Readiness> readiness;

  /**
   * @param version of this program
   * @param settings one line each, masked
   */
  public SupportReport(
      String version,
      List<String> settings,
      StreamDirectory streams,
      Supplier<Readiness> readiness) {
    this.version = version;
    this.settings = List.copyOf(settings);
    this.streams = streams;
    this.readiness = readiness;
  }

  @Override
  public Support get() {
    return new Support(
        InstantSource.system().instant(),
        Surroundings.versions(version),
        Surroundings.process(),
        settings,
        readiness.get().shown(),
        debugs(),
        RecentLog.lines(),
        ThreadDump.take());
  }

  /** Of one that ends meanwhile there is nothing. */
  private List<StreamDebug> debugs() {
    return streams.list().stream()
        .map(StreamStatus::streamId)
        .distinct()
        .map(streams::debug)
        .flatMap(Optional::stream)
        .toList();
  }
}
