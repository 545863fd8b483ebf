package babelmux.worker.streams;

import babelmux.worker.hosts.HostGuard;
import babelmux.worker.hosts.HostNotAllowed;
import babelmux.worker.streams.DestinationVerdict.Reason;
import babelmux.worker.streams.DestinationVerdict.Refused;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the API may do with the destinations of streams. Thread-safe. */
final class DestinationControl {
  private static final Logger log = LoggerFactory.getLogger(DestinationControl.class);

  private final StreamRegistry registry;
  private final HostGuard guard;

  /**
   * @param guard of the hosts that streams may be sent to
   */
  DestinationControl(StreamRegistry registry, HostGuard guard) {
    this.registry = registry;
    this.guard = guard;
  }

  /** One more. May wait some seconds for the look-up of a name. */
  DestinationVerdict add(DestinationRequest request) throws InterruptedException {
    String id = request.streamId();
    Optional<StreamHandle> stream = registry.running(id);
    if (stream.isEmpty()) {
      return missing(id);
    }
    try {
      guard.admit(request.url().server().host());
    } catch (HostNotAllowed e) {
      return new Refused(Reason.NOT_ALLOWED, String.valueOf(e.getMessage()));
    }
    DestinationVerdict verdict = stream.get().add(request);
    if (verdict instanceof DestinationVerdict.Added) {
      log.info("stream {} is sent to {} too: {}", id, request.name(), request.url());
      registry.added().add(request);
      if (registry.running(id).isEmpty()) {
        // It ended before that.
        registry.added().forget(id);
      }
    }
    return verdict;
  }

  /** One less. */
  DestinationVerdict remove(String id, String name) throws InterruptedException {
    // One of a stream that is yet to be started again is nothing but remembered.
    boolean remembered = registry.added().remove(id, name);
    Optional<StreamHandle> stream = registry.running(id);
    DestinationVerdict verdict = stream.isEmpty() ? missing(id) : stream.get().remove(name);
    return remembered ? new DestinationVerdict.Removed() : verdict;
  }

  private DestinationVerdict missing(String id) {
    return registry.get(id).isPresent()
        ? new Refused(Reason.STREAM_OVER, "the stream is over already")
        : new Refused(Reason.NO_STREAM, "no such stream");
  }
}
