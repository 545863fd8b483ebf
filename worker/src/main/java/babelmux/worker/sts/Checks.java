package babelmux.worker.sts;

import java.time.Duration;

/** Argument checks that name the field, the value and what was expected. */
final class Checks {
  private Checks() {}

  static void range(String field, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %d, expected %d to %d".formatted(field, value, least, most));
    }
  }

  static void length(String field, String value, int least, int most) {
    if (value.length() < least || value.length() > most) {
      throw new IllegalArgumentException(
          "%s is \"%s\", expected %d to %d characters".formatted(field, value, least, most));
    }
  }

  static void positive(String field, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException("%s is %s, expected more than 0".formatted(field, value));
    }
  }
}
