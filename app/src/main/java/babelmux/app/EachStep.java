package babelmux.app;

import org.jspecify.annotations.Nullable;

/** Runs steps that do not depend on each other. */
final class EachStep {
  private EachStep() {}

  /**
   * Runs all, in order, whatever the ones before throw. What the first one threw is thrown at the
   * end, with the others' as suppressed.
   */
  static void run(Runnable... steps) {
    Throwable first = null;
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException | Error e) {
        first = join(first, e);
      }
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private static Throwable join(@Nullable Throwable first, Throwable next) {
    if (first == null) {
      return next;
    }
    if (first != next) {
      first.addSuppressed(next);
    }
    return first;
  }
}
