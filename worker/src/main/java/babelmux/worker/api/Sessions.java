package babelmux.worker.api;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Sessions of browsers: each a random value that a cookie holds, and of which only a digest is
 * kept. They are bounded in number and in time, and end with the token that they were opened by.
 * Times are of a monotonic clock, in nanoseconds. Safe for all threads.
 */
final class Sessions {

  /** When there are more, the oldest ends. */
  static final int MAX = 256;

  static final Duration LIFE = Duration.ofHours(12);

  /** Cookies of our name that are looked at: a site next door may plant more. */
  static final int MAX_CANDIDATES = 8;

  private static final int BYTES = 32;
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The oldest first: all live equally long. */
  private final Map<ByteBuffer, Session> sessions = new LinkedHashMap<>();

  /**
   * @param generation number of the token that it was opened by
   */
  private record Session(long generation, long endNanos) {
    boolean isOpen(long now, long currentGeneration) {
      return generation == currentGeneration && endNanos - now > 0;
    }

    /** Forever: a request that knows of an older token than this one ends nothing. */
    boolean isOver(long now, long knownGeneration) {
      return generation < knownGeneration || endNanos - now <= 0;
    }
  }

  /**
   * Opens a session.
   *
   * @param generation number of the token that was given
   * @return its value, 43 characters of base64url; secret
   */
  synchronized String open(long generation, long nowNanos) {
    sessions.values().removeIf(session -> session.isOver(nowNanos, generation));
    if (sessions.size() >= MAX) {
      sessions.remove(sessions.keySet().iterator().next());
    }
    byte[] random = new byte[BYTES];
    RANDOM.nextBytes(random);
    String value = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    sessions.put(digest(value), new Session(generation, nowNanos + LIFE.toNanos()));
    return value;
  }

  /**
   * Returns whether one of these values is an open session's. They are looked up by their digests:
   * the time that it takes tells nothing of values.
   *
   * @param values may be anything, and as many as a header can hold
   * @param generation number of the token that counts now
   */
  synchronized boolean isOpen(Collection<String> values, long generation, long nowNanos) {
    return values.stream()
        .filter(value -> VALUE.matcher(value).matches())
        .limit(MAX_CANDIDATES)
        .map(value -> sessions.get(digest(value)))
        .anyMatch(session -> session != null && session.isOpen(nowNanos, generation));
  }

  /** Ends the sessions of these values; those that are none change nothing. */
  synchronized void end(Collection<String> values) {
    values.stream()
        .filter(value -> VALUE.matcher(value).matches())
        .limit(MAX_CANDIDATES)
        .forEach(value -> sessions.remove(digest(value)));
  }

  /** Those that are kept, ended or not. */
  synchronized Collection<ByteBuffer> digests() {
    return List.copyOf(sessions.keySet());
  }

  private static ByteBuffer digest(String value) {
    return ByteBuffer.wrap(Digests.sha256(value)).asReadOnlyBuffer();
  }
}
