package babelmux.stsecho.protocol;

import java.util.Arrays;
import java.util.Locale;

/** Which of the two servers in the field is imitated where they differ. */
public enum Dialect {
  /** The echo server: nested statistics, errors with severity and ids. */
  ECHO,
  /** The full server: flat statistics, errors without severity and ids, own refusal codes. */
  FULL;

  /** The name in configuration. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException for an unknown name
   */
  public static Dialect of(String label) {
    return Arrays.stream(values())
        .filter(dialect -> dialect.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "dialect: '%s', expected echo or full".formatted(label)));
  }
}
