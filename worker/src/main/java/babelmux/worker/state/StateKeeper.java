package babelmux.worker.state;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is to survive a restart, and remembers what the disk did not take until it does: a
 * disk that takes nothing costs no stream. Not thread-safe; every method but {@link #trouble} may
 * block on the disk.
 */
public final class StateKeeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StateKeeper.class);

  /** Between two tries to write what was not taken. */
  public static final Duration RETRY = Duration.ofSeconds(10);

  // No stream has an empty id.
  private static final String DRAIN = "";

  private final StateDirectory directory;
  private final LongSupplier nanoTime;
  // By id, what was wanted last; in the order in which it was wanted.
  private final Map<String, Change> unsaved = new LinkedHashMap<>();
  private @Nullable String reason;
  private long triedNanos;

  /** One change of the files. */
  private interface Change {
    void make(StateDirectory directory) throws IOException;
  }

  /**
   * @param directory closed with this
   * @param nanoTime monotonic clock, nanoseconds
   */
  public StateKeeper(StateDirectory directory, LongSupplier nanoTime) {
    this.directory = directory;
    this.nanoTime = nanoTime;
  }

  /**
   * Reads what is kept. Of what could not be written yet, nothing: whoever wanted that knows it.
   *
   * @throws IOException if the directory cannot be read; the message says why
   */
  public SavedState read() throws IOException {
    SavedState state = directory.read();
    List<SavedStream> streams =
        state.streams().stream().filter(stream -> !unsaved.containsKey(stream.streamId())).toList();
    return new SavedState(streams, state.drained() && !unsaved.containsKey(DRAIN), state.skipped());
  }

  /** Keeps a stream. */
  public void save(SavedStream stream) {
    keep(stream.streamId(), state -> state.save(stream));
  }

  /** Forgets a stream; one that is not kept is no error. */
  public void remove(String streamId) {
    keep(streamId, state -> state.remove(streamId));
  }

  /** Keeps, or forgets, that the worker is drained. */
  public void drained(boolean drained) {
    keep(DRAIN, state -> state.drained(drained));
  }

  /** Returns whether a stream is kept that nobody wants to forget, readable or not. */
  public boolean has(String streamId) {
    return !unsaved.containsKey(streamId) && directory.has(streamId);
  }

  private void keep(String id, Change change) {
    // Behind all others, also when there was an older wish.
    unsaved.remove(id);
    unsaved.put(id, change);
    write(Set.of(id));
  }

  /** Tries again what could not be written, when it is time for that. */
  public void retry() {
    if (!unsaved.isEmpty() && nanoTime.getAsLong() - triedNanos >= RETRY.toNanos()) {
      write(new LinkedHashSet<>(unsaved.keySet()));
    }
  }

  private void write(Set<String> ids) {
    boolean wasWell = reason == null;
    for (String id : ids) {
      Change change = unsaved.get(id);
      if (change == null) {
        continue;
      }
      try {
        change.make(directory);
        unsaved.remove(id);
      } catch (IOException e) {
        reason = e.toString();
        triedNanos = nanoTime.getAsLong();
      }
    }
    if (unsaved.isEmpty()) {
      reason = null;
    }
    if (wasWell && reason != null) {
      log.error("{}", trouble().orElse(""));
    } else if (!wasWell && reason == null) {
      log.info("{} can be written again, and everything is kept", directory);
    }
  }

  /** What is not kept, and why, in one sentence; empty when everything is. */
  public Optional<String> trouble() {
    if (reason == null) {
      return Optional.empty();
    }
    List<String> what =
        unsaved.keySet().stream().map(id -> id.equals(DRAIN) ? "the drain" : id).toList();
    return Optional.of(
        "state-dir %s cannot be written: %s; not kept yet: %s; tried again every %d s"
            .formatted(directory, reason, String.join(", ", what), RETRY.toSeconds()));
  }

  /** Tries once more what could not be written. */
  @Override
  public void close() {
    write(new LinkedHashSet<>(unsaved.keySet()));
    directory.close();
  }

  /** The directory, for messages. */
  @Override
  public String toString() {
    return directory.toString();
  }
}
