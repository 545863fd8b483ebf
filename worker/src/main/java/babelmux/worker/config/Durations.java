package babelmux.worker.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 14.5s}, {@code 500ms}, {@code 1h30m}, {@code PT14.5S}. */
public final class Durations {

  private static final String PART = "(\\d{1,12}(?:\\.\\d{1,9})?)(h|ms|m|s|us|µs|ns)";
  private static final Pattern GO_STYLE = Pattern.compile("(?:" + PART + ")+");
  private static final Pattern ONE_PART = Pattern.compile(PART);

  private Durations() {}

  /**
   * Reads a duration. A number without a unit is refused, except 0.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (text.toUpperCase(Locale.ROOT).startsWith("P")) {
      try {
        return Duration.parse(text);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException("not an ISO 8601 duration", e);
      }
    }
    if (!GO_STYLE.matcher(text).matches()) {
      throw new IllegalArgumentException("not a duration");
    }
    Duration sum = Duration.ZERO;
    Matcher part = ONE_PART.matcher(text);
    while (part.find()) {
      sum = sum.plusNanos(nanos(new BigDecimal(part.group(1)), part.group(2)));
    }
    return sum;
  }

  private static long nanos(BigDecimal number, String unit) {
    long unitNanos =
        switch (unit) {
          case "h" -> 3_600_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "s" -> 1_000_000_000L;
          case "ms" -> 1_000_000L;
          case "us", "µs" -> 1_000L;
          default -> 1L;
        };
    BigDecimal nanos = number.multiply(BigDecimal.valueOf(unitNanos));
    if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("too long");
    }
    return nanos.longValue();
  }

  /**
   * The shortest way to write it that {@link #parse} reads back, such as {@code 14.5s} or {@code
   * 15m}.
   */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (!duration.equals(Duration.ofMillis(millis))) {
      return duration.toString();
    }
    if (millis == 0) {
      return "0s";
    }
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    if (millis < 1000) {
      return millis + "ms";
    }
    return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + "s";
  }
}
