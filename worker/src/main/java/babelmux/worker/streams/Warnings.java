package babelmux.worker.streams;

import babelmux.worker.session.StreamWarning;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The warnings that hold for a stream, and which changes are worth a line in the log: for each kind
 * at most one a minute, so that a source at a limit does not fill it. Not thread-safe.
 */
final class Warnings {
  static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

  /** What a change is worth. */
  enum Change {
    /** It begins, and is to be logged. */
    BEGINS,
    /** It is over, and its beginning was logged. */
    ENDS,
    /** It begins or ends, and is not to be logged. */
    QUIET,
    /** Nothing begins or ends. */
    NONE
  }

  private final Map<StreamWarning, String> texts = new EnumMap<>(StreamWarning.class);
  private final Map<StreamWarning, Long> loggedNanos = new EnumMap<>(StreamWarning.class);
  private final Set<StreamWarning> shown = EnumSet.noneOf(StreamWarning.class);

  /**
   * @param text what is wrong; null when it is right again
   * @param nowNanos monotonic clock
   */
  Change set(StreamWarning kind, @Nullable String text, long nowNanos) {
    if (text == null) {
      boolean ends = texts.remove(kind) != null;
      return shown.remove(kind) ? Change.ENDS : ends ? Change.QUIET : Change.NONE;
    }
    if (texts.put(kind, text) != null) {
      return Change.NONE;
    }
    Long last = loggedNanos.get(kind);
    if (last != null && nowNanos - last < QUIET_NANOS) {
      return Change.QUIET;
    }
    loggedNanos.put(kind, nowNanos);
    shown.add(kind);
    return Change.BEGINS;
  }

  /** The kinds that hold. */
  Set<StreamWarning> kinds() {
    return Set.copyOf(texts.keySet());
  }

  /** One sentence each. */
  List<String> texts() {
    return List.copyOf(texts.values());
  }
}
