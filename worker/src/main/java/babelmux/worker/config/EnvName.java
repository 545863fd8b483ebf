package babelmux.worker.config;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One name under which the environment may give a setting.
 *
 * @param name the variable
 * @param translate from the variable's own way of writing a value to the setting's
 * @param doubt why the variable may be set without being meant; null where it cannot
 */
record EnvName(String name, UnaryOperator<String> translate, @Nullable String doubt) {

  static EnvName plain(String name) {
    return new EnvName(name, UnaryOperator.identity(), null);
  }

  /** A variable that holds whole milliseconds without a unit. */
  static EnvName millis(String name) {
    return new EnvName(name, text -> text.matches("\\d+") ? text + "ms" : text, null);
  }

  /** A variable that others set for purposes of their own. */
  static EnvName doubtful(String name, String doubt) {
    return new EnvName(name, UnaryOperator.identity(), doubt);
  }
}
