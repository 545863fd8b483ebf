package babelmux.worker.streams;

import babelmux.worker.config.DestinationName;
import babelmux.worker.destinations.DestinationServers;
import babelmux.worker.destinations.DestinationTurns;
import babelmux.worker.destinations.DestinationUrl;
import babelmux.worker.metrics.DestinationMeters;
import babelmux.worker.metrics.StreamMeters;
import babelmux.worker.output.Destination;
import babelmux.worker.output.DestinationOptions;
import babelmux.worker.output.DestinationState;
import babelmux.worker.output.DestinationStatus;
import babelmux.worker.output.DestinationTarget;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Makes the destinations of one session. Thread-safe; does not block. */
final class DestinationMaker {
  private final String streamId;
  private final StreamMeters meters;
  private final DestinationServers servers;
  private final DestinationTurns turns;
  private final AtomicInteger made = new AtomicInteger();

  /**
   * @param meters the session's
   * @param turns of all streams
   */
  DestinationMaker(
      String streamId, StreamMeters meters, DestinationServers servers, DestinationTurns turns) {
    this.streamId = streamId;
    this.meters = meters;
    this.servers = servers;
    this.turns = turns;
  }

  /**
   * The stream's own output.
   *
   * @param showsPath whether it is known to hold no stream key
   * @param free complete when nothing else publishes to it
   */
  StreamDestinations.Entry out(String url, boolean showsPath, CompletableFuture<Void> free) {
    StreamDestinations.Entry entry =
        make(
            DestinationName.OUT,
            servers.configured(url, showsPath),
            showsPath,
            DestinationOptions.defaults());
    boolean ready = false;
    try {
      entry.destination().connectAfter(free);
      ready = true;
      return entry;
    } finally {
      if (!ready) {
        entry.destination().close();
      }
    }
  }

  /** One of the settings. */
  StreamDestinations.Entry configured(String name, String url) {
    return further(name, servers.configured(url, false));
  }

  /** One that the API asks for. */
  StreamDestinations.Entry posted(String name, DestinationUrl url) {
    return further(name, servers.posted(url));
  }

  private StreamDestinations.Entry further(String name, DestinationTarget target) {
    StreamDestinations.Entry entry =
        make(name, target, false, DestinationOptions.ofFurther(target));
    entry.destination().awaitTurn(turns.queue(entry.url(), streamId));
    return entry;
  }

  private StreamDestinations.Entry make(
      String name, DestinationTarget target, boolean showsPath, DestinationOptions options) {
    AtomicReference<@Nullable Destination> self = new AtomicReference<>();
    DestinationMeters own =
        meters.destination(
            name,
            new DestinationMeters.Reading(
                read(self, status -> status.state() == DestinationState.UP ? 1 : 0),
                read(self, status -> status.queueUs() / 1e6),
                read(self, status -> status.connectedUs() / 1e6)));
    boolean complete = false;
    try {
      Destination destination =
          new Destination(
              streamId,
              made.getAndIncrement(),
              target,
              options,
              new DestinationEvents(own, name.equals(DestinationName.OUT) ? meters : null));
      self.set(destination);
      complete = true;
      return new StreamDestinations.Entry(name, target.url(), showsPath, destination, own);
    } finally {
      if (!complete) {
        // A thread that cannot be created is an OutOfMemoryError.
        own.remove();
      }
    }
  }

  private static DoubleSupplier read(
      AtomicReference<@Nullable Destination> self, ToDoubleFunction<DestinationStatus> value) {
    return () -> {
      Destination destination = self.get();
      return destination == null ? 0 : value.applyAsDouble(destination.status());
    };
  }
}
