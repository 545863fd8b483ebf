package babelmux.worker.streams;

import babelmux.media.Secrets;
import babelmux.worker.config.DestinationName;
import babelmux.worker.metrics.DestinationMeters;
import babelmux.worker.output.Destination;
import babelmux.worker.output.DestinationState;
import babelmux.worker.output.DestinationStatus;
import babelmux.worker.readback.OutputCheck;
import babelmux.worker.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where one stream is sent, by name, its own output first. The destinations are the session's;
 * their meters end with it. Thread-safe; no method blocks.
 */
final class StreamDestinations {
  /** Of one stream: each has a queue and a thread. */
  static final int MAX = 20;

  /**
   * One of them.
   *
   * @param url secret
   * @param showsPath whether the whole path of the URL is shown: it holds no stream key
   */
  record Entry(
      String name,
      String url,
      boolean showsPath,
      Destination destination,
      DestinationMeters meters) {

    String shownUrl() {
      return showsPath ? Secrets.maskUrl(url) : Secrets.maskKey(url);
    }

    StreamStatus.Destination status(@Nullable OutputCheck check) {
      DestinationStatus status = destination.status();
      return new StreamStatus.Destination(
          name,
          shownUrl(),
          status.state().label(),
          status.lastError(),
          status.bytes(),
          status.dropped(),
          status.reconnects(),
          status.queueUs() / 1e6,
          status.connectedUs() / 1e6,
          check);
    }
  }

  /** Makes an entry for a name that is free. */
  @FunctionalInterface
  interface Maker {
    Entry make();
  }

  // Guarded by this; the output is the first.
  private final List<Entry> entries;

  StreamDestinations(List<Entry> entries) {
    this.entries = new ArrayList<>(entries);
  }

  /** The stream's own output. */
  synchronized Destination out() {
    return entries.get(0).destination();
  }

  synchronized List<Entry> all() {
    return List.copyOf(entries);
  }

  /** All at this moment. */
  List<StreamStatus.Destination> status(@Nullable OutputCheck check) {
    List<StreamStatus.Destination> all = new ArrayList<>();
    for (Entry entry : all()) {
      all.add(entry.status(all.isEmpty() ? check : null));
    }
    return all;
  }

  /** Returns whether one of them takes nothing. */
  boolean isDown() {
    return all().stream()
        .anyMatch(entry -> entry.destination().status().state() == DestinationState.DOWN);
  }

  /** One more for a session that runs. */
  synchronized DestinationVerdict add(String name, Session session, Maker maker) {
    if (find(name).isPresent()) {
      return new DestinationVerdict.Refused(
          DestinationVerdict.Reason.NAME_IN_USE,
          "name: \"%s\" is in use: expected one that no destination of the stream has"
              .formatted(name));
    }
    if (entries.size() > MAX) {
      return new DestinationVerdict.Refused(
          DestinationVerdict.Reason.TOO_MANY,
          "the stream has %d destinations beside its output: expected one of them to be deleted"
              .formatted(MAX));
    }
    Entry entry = maker.make();
    if (!session.add(entry.destination())) {
      entry.destination().close();
      entry.meters().remove();
      return new DestinationVerdict.Refused(
          DestinationVerdict.Reason.STREAM_OVER, "the stream is over already");
    }
    entries.add(entry);
    return new DestinationVerdict.Added(entry.status(null));
  }

  /** Begins to end one; its name is free. */
  synchronized DestinationVerdict remove(String name, Session session) {
    if (name.equals(DestinationName.OUT)) {
      return new DestinationVerdict.Refused(
          DestinationVerdict.Reason.INVALID,
          "out is the stream's own output: DELETE /v1/streams/{id} ends the stream");
    }
    Optional<Entry> found = find(name);
    if (found.isEmpty()) {
      return new DestinationVerdict.Refused(
          DestinationVerdict.Reason.NO_DESTINATION, "the stream has no destination of this name");
    }
    Entry entry = found.get();
    entries.remove(entry);
    session.remove(entry.destination());
    entry.meters().remove();
    return new DestinationVerdict.Removed();
  }

  private Optional<Entry> find(String name) {
    return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }
}
