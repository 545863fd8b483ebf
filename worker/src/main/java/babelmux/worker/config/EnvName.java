package babelmux.worker.config;

import java.util.function.UnaryOperator;

/**
 * One name under which the environment may give a setting.
 *
 * @param name the variable
 * @param translate from the variable's own way of writing a value to the setting's
 */
record EnvName(String name, UnaryOperator<String> translate) {

  static EnvName plain(String name) {
    return new EnvName(name, UnaryOperator.identity());
  }

  /** A variable that holds whole milliseconds without a unit. */
  static EnvName millis(String name) {
    return new EnvName(name, text -> text.matches("\\d+") ? text + "ms" : text);
  }
}
