package babelmux.worker.config;

import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Turns the text of a setting into its value.
 *
 * @param expected what a good value looks like, for the error message and the documentation
 * @param read text to value; throws {@link IllegalArgumentException} for a text that is none. Its
 *     message is not shown: it may hold the value
 * @param shown what an error message and a log may show of a text
 * @param inFile whether {@code @FILE} names a file that holds the text
 */
record Parser<T>(
    String expected, Function<String, T> read, UnaryOperator<String> shown, boolean inFile) {

  static <T> Parser<T> of(String expected, Function<String, T> read) {
    return new Parser<>(expected, read, UnaryOperator.identity(), false);
  }

  Parser<T> showing(UnaryOperator<String> shown) {
    return new Parser<>(expected, read, shown, inFile);
  }

  /** For secrets: the value may stand in a file that {@code @FILE} names, as its only line. */
  Parser<T> orFile() {
    return new Parser<>(expected + ", or @FILE with it as its only line", read, shown, true);
  }
}
