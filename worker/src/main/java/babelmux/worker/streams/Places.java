package babelmux.worker.streams;

import babelmux.worker.metrics.RefusalReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Says whether a worker's sessions leave room for one more. Guarded as their table is. */
final class Places {
  private final StreamTable streams;
  private final int maxStreams;
  private final Function<List<Capacity.Running>, Optional<Shortage>> capacity;

  /**
   * The room for a new stream.
   *
   * @param shortage what it is refused for; null when it is taken
   * @param victim the stream that gives its place to it; null when none has to
   */
  record Room(@Nullable Shortage shortage, @Nullable StreamHandle victim) {}

  /**
   * @param maxStreams streams that run at the same time
   * @param capacity what is lacking for one more stream beside those given; must not block
   */
  Places(
      StreamTable streams,
      int maxStreams,
      Function<List<Capacity.Running>, Optional<Shortage>> capacity) {
    this.streams = streams;
    this.maxStreams = maxStreams;
    this.capacity = capacity;
  }

  /** Streams that run at the same time. */
  int maxStreams() {
    return maxStreams;
  }

  /** Returns whether as many run as may, whatever they need. */
  boolean isFull() {
    return streams.size() >= maxStreams;
  }

  Shortage full() {
    return new Shortage(
        RefusalReason.FULL, "this worker runs its limit of " + maxStreams + " streams");
  }

  /**
   * The room for one more stream that something is lacking for. A stream that reads nothing has a
   * place and memory to give, and no CPU.
   *
   * @param isListed whether the Control API lists a source on its path
   * @param listedPaths all input paths on which it lists one
   */
  Room room(Shortage shortage, boolean isListed, Set<String> listedPaths) {
    StreamHandle victim = evictable(isListed, listedPaths).orElse(null);
    if (victim == null || shortage.reason() == RefusalReason.CPU) {
      return new Room(shortage, null);
    }
    Optional<Shortage> remaining = shortage(victim);
    return remaining.isPresent() ? new Room(remaining.get(), null) : new Room(null, victim);
  }

  /**
   * What is lacking for one more stream.
   *
   * @param victim a stream that would have ended; null for none
   */
  Optional<Shortage> shortage(@Nullable StreamHandle victim) {
    if (victim == null && isFull()) {
      return Optional.of(full());
    }
    return capacity.apply(
        streams.newest().stream()
            .filter(stream -> !stream.isLeaving() && !streams.isEvicted(stream))
            .filter(stream -> !stream.equals(victim))
            .map(StreamHandle::load)
            .toList());
  }

  private Optional<StreamHandle> evictable(boolean isListed, Set<String> listedPaths) {
    List<Admission.Holder> holders = new ArrayList<>();
    for (StreamHandle stream : streams.newest()) {
      holders.add(
          new Admission.Holder(
              stream.source().streamId(),
              stream.hasRead(),
              stream.isLeaving(),
              stream.isPosted() || listedPaths.contains(stream.source().path()),
              stream.isSourceLost()));
    }
    return Admission.evict(holders, streams.evicted(), isListed).map(streams::newest);
  }
}
