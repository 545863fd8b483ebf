package babelmux.hooks;

import static java.util.Objects.requireNonNull;

/** The worker's decision about an event; it alone makes the HTTP answer. */
public sealed interface HookVerdict {

  /** A worker runs for the stream, new or already there. */
  record Started() implements HookVerdict {}

  /** No worker runs for this source any more, or none did. */
  record Stopped() implements HookVerdict {}

  /**
   * Nothing was done, and nothing is wrong.
   *
   * @param why one sentence for the answer and the log
   */
  record Skipped(String why) implements HookVerdict {
    public Skipped {
      requireNonNull(why);
    }
  }

  /**
   * Not now: full or draining. Answered with 503 and Retry-After.
   *
   * @param code stable, for programs: {@code at_capacity}, {@code draining}...
   * @param reason as metrics count it: {@code full}, {@code memory}, {@code draining}...
   * @param message one sentence for people
   * @param retryAfterSeconds 0 or more
   */
  record Refused(String code, String reason, String message, int retryAfterSeconds)
      implements HookVerdict {
    public Refused {
      requireNonNull(code);
      requireNonNull(reason);
      requireNonNull(message);
      if (retryAfterSeconds < 0) {
        throw new IllegalArgumentException(
            "retryAfterSeconds: %d: expected 0 or more".formatted(retryAfterSeconds));
      }
    }
  }
}
