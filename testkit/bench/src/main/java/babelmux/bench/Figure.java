package babelmux.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One number of a benchmark.
 *
 * @param unit such as {@code ms}; empty for a plain number
 * @param atMost the goal; null where there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Figure(String name, double value, String unit, @Nullable Double atMost) {

  static Figure of(String name, double value, String unit) {
    return new Figure(name, value, unit, null);
  }

  static Figure goal(String name, double value, String unit, double atMost) {
    return new Figure(name, value, unit, atMost);
  }

  /** True when the goal is met, or when there is none. */
  boolean met() {
    return atMost == null || value <= atMost;
  }

  String valueText() {
    return text(value) + (unit.isEmpty() ? "" : " " + unit);
  }

  /** Text of the table's last column. */
  String goalText() {
    return atMost == null ? "" : "<= " + text(atMost) + (met() ? ", met" : ", MISSED");
  }

  private static String text(double number) {
    boolean whole = number == Math.rint(number) || Math.abs(number) >= 1000;
    return String.format(Locale.ROOT, whole ? "%.0f" : "%.2f", number);
  }
}
