package babelmux.worker.streams;

import babelmux.worker.config.WorkerConfig;
import babelmux.worker.sources.SourceGuard;
import babelmux.worker.sources.SourceNotAllowed;
import java.util.List;
import java.util.Optional;

/** What the API may do with the streams of a registry. Thread-safe. */
public final class StreamControl implements StreamDirectory {
  private final WorkerConfig config;
  private final StreamRegistry registry;
  private final SourceGuard guard;

  public StreamControl(WorkerConfig config, StreamRegistry registry) {
    this.config = config;
    this.registry = registry;
    this.guard = SourceGuard.of(config.sources().allow());
  }

  @Override
  public List<StreamStatus> list() {
    return registry.list();
  }

  @Override
  public Optional<StreamStatus> get(String id) {
    return registry.get(id);
  }

  @Override
  public StartVerdict start(StreamRequest request) throws InterruptedException {
    String output =
        config
            .output()
            .urlTemplate()
            .resolve(config.mediaMtx().rtmpUrl(), request.streamId(), config.languages());
    if (request.source().isSameResource(output)) {
      return new StartVerdict.Refused(
          StartVerdict.Reason.INVALID,
          "sourceUrl: \"%s\": expected another one than the stream's output"
              .formatted(request.source()));
    }
    try {
      guard.admit(request.source().host());
    } catch (SourceNotAllowed e) {
      return new StartVerdict.Refused(
          StartVerdict.Reason.NOT_ALLOWED, String.valueOf(e.getMessage()));
    }
    return registry.start(request);
  }

  @Override
  public boolean end(String id, boolean now) {
    return registry.end(id, now);
  }

  @Override
  public int drainAll() {
    return registry.drainAll();
  }

  @Override
  public boolean acceptAgain() {
    return registry.acceptAgain();
  }
}
