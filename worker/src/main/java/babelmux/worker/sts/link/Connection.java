package babelmux.worker.sts.link;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A connection that stands.
 *
 * @param maxPayload the longest message that the service takes, if it said so
 * @param generation names it to those who cut segments; 0 before its first session
 * @param since when its first session began, nanoseconds since the link was opened
 * @param sessionId of its present session; null if there is none
 */
record Connection(
    OptionalLong maxPayload, long generation, long since, @Nullable String sessionId) {

  static Connection established(OptionalLong maxPayload) {
    return new Connection(maxPayload, 0, 0, null);
  }

  /** True when it had no session yet. */
  boolean fresh() {
    return generation == 0;
  }

  /** Its first session begins. */
  Connection firstSession(long newGeneration, String id, long now) {
    return new Connection(maxPayload, newGeneration, now, id);
  }

  /** Another session begins, or, with null, one ends. */
  Connection session(@Nullable String id) {
    return new Connection(maxPayload, generation, since, id);
  }

  /** True when it was in use for at least this long. */
  boolean lasted(long nanos, long now) {
    return !fresh() && now - since >= nanos;
  }
}
