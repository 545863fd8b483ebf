package babelmux.hooks;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says what an event means for a path's session. MediaMTX loses, doubles and reorders its hooks, so
 * events are paired by the id of the source: what a late event of an old source says never ends the
 * session of the new one, and what the Control API lists overrules all hooks.
 *
 * <p>A state machine without threads: confine it to one thread, or guard it.
 */
public final class SourcePairing {

  /** Decisions about an event. */
  public enum Decision {
    /** Start the path's session, or let the one that waits for its source come back. */
    START,
    /** The session runs with this source already. */
    DUPLICATE,
    /** The session runs; its source is another one now: {@link SourcePairing#current}. */
    ADOPT,
    /** A source that has left already: do nothing. */
    SKIP,
    /** The session's source has left. */
    STOP,
    /** Not the session's source, or no session: do nothing. */
    IGNORE
  }

  /** States of remembered ids that are no path's current one. */
  private enum PastState {
    /** Replaced by another publisher while the not-ready is still to come. */
    REPLACED,
    /** Left. */
    ENDED,
    /** Still there perhaps, but an operator ended its session. */
    DISMISSED
  }

  private record Source(String path, String id) {}

  private record Current(String id, long sinceNanos, @Nullable String replacedId) {}

  private final Map<String, Current> current = new HashMap<>();
  private final RecentMap<Source, PastState> past;
  private final LongSupplier nanoTime;

  /**
   * @param remembered how long a source that left is known; longer than a hook's tries take
   * @param maxRemembered how many of them; the oldest are forgotten first
   * @param nanoTime monotonic clock, in nanoseconds
   */
  public SourcePairing(Duration remembered, int maxRemembered, LongSupplier nanoTime) {
    this.nanoTime = requireNonNull(nanoTime);
    past = new RecentMap<>(remembered.toNanos(), maxRemembered);
  }

  /** A ready hook. START, DUPLICATE, ADOPT or SKIP. */
  public Decision ready(String path, String sourceId) {
    long now = nanoTime.getAsLong();
    Source source = new Source(path, sourceId);
    Optional<PastState> state = past.get(source, now);
    // Nobody is left of those that came after it, and it says that it is there.
    boolean outlived = state.equals(Optional.of(PastState.REPLACED)) && !current.containsKey(path);
    if (state.isPresent() && !outlived) {
      // A heartbeat keeps a dismissal alive; anything else is a retry that another event overtook.
      if (state.get() == PastState.DISMISSED) {
        past.put(source, PastState.DISMISSED, now);
      }
      return Decision.SKIP;
    }
    return arrive(source, now);
  }

  /** A not-ready hook. STOP, ADOPT (another source of the path is still there) or IGNORE. */
  public Decision notReady(String path, String sourceId) {
    long now = nanoTime.getAsLong();
    Source source = new Source(path, sourceId);
    remember(source, PastState.ENDED, now);
    Current running = current.get(path);
    if (running == null || !running.id().equals(sourceId)) {
      return Decision.IGNORE;
    }
    current.remove(path);
    // It may have been announced after the one that replaced it: in doubt the session lives, and
    // the API decides.
    if (running.replacedId() != null) {
      Source replaced = new Source(path, running.replacedId());
      if (past.get(replaced, now).equals(Optional.of(PastState.REPLACED))) {
        arrive(replaced, now);
        return Decision.ADOPT;
      }
    }
    return Decision.STOP;
  }

  /**
   * A source that the Control API lists on a path. START, DUPLICATE, ADOPT, SKIP or, where a hook
   * told something newer than the listing, IGNORE.
   *
   * @param askedAtNanos when the listing was asked for, on this object's clock
   */
  public Decision listed(String path, String sourceId, long askedAtNanos) {
    long now = nanoTime.getAsLong();
    Source source = new Source(path, sourceId);
    Optional<PastState> state = past.get(source, now);
    if (state.isPresent()) {
      if (state.get() == PastState.DISMISSED) {
        past.put(source, PastState.DISMISSED, now);
        return Decision.SKIP;
      }
      if (past.sinceNanos(source) - askedAtNanos >= 0) {
        return Decision.SKIP;
      }
    }
    Current running = current.get(path);
    if (running != null
        && !running.id().equals(sourceId)
        && running.sinceNanos() - askedAtNanos >= 0) {
      return Decision.IGNORE;
    }
    return arrive(source, now);
  }

  /**
   * An operator ended the session: its source starts no other one, neither by hook nor by listing,
   * until it has left. A publisher that connects again does.
   */
  public void dismiss(String path) {
    Current running = current.remove(path);
    if (running != null) {
      remember(new Source(path, running.id()), PastState.DISMISSED, nanoTime.getAsLong());
    }
  }

  /**
   * The session ended by itself, failed or was refused: the next ready or listing of its source
   * starts one again.
   */
  public void forget(String path) {
    current.remove(path);
  }

  /** The id of the source that the path's session runs with. */
  public Optional<String> current(String path) {
    return Optional.ofNullable(current.get(path)).map(Current::id);
  }

  /** The number of sources that are remembered though they are gone. */
  public int remembered() {
    return past.size();
  }

  private Decision arrive(Source source, long nowNanos) {
    past.remove(source);
    Current before = current.get(source.path());
    if (before != null && before.id().equals(source.id())) {
      return Decision.DUPLICATE;
    }
    current.put(
        source.path(), new Current(source.id(), nowNanos, before == null ? null : before.id()));
    if (before == null) {
      return Decision.START;
    }
    remember(new Source(source.path(), before.id()), PastState.REPLACED, nowNanos);
    return Decision.ADOPT;
  }

  private void remember(Source source, PastState state, long nowNanos) {
    // Sources that MediaMTX pulls have no id: one that left comes back under the same name.
    if (!source.id().isEmpty() || state == PastState.DISMISSED) {
      past.put(source, state, nowNanos);
    }
  }
}
