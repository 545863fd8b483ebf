package babelmux.worker.session;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs every step of an end, whatever the ones before it throw. */
final class Steps {
  private static final Logger log = LoggerFactory.getLogger(Steps.class);

  private Steps() {}

  /**
   * Runs all, in order.
   *
   * @return what the first one that failed threw; null when none did
   */
  static @Nullable Throwable runAll(Runnable... steps) {
    Throwable first = null;
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (Throwable e) {
        log.error("a step of the end failed; the next ones run", e);
        first = first == null ? e : first;
      }
    }
    return first;
  }

  /** Throws what {@link #runAll} gave, if anything. */
  static void rethrow(@Nullable Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
  }
}
