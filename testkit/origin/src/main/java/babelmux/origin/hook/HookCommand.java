package babelmux.origin.hook;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A command line split into shell words. {@code $VAR} and {@code ${VAR}} are replaced within each
 * word afterwards, so a value never makes new words and never meets a shell.
 *
 * @param words at least one
 */
public record HookCommand(List<String> words) {
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{([^}]*)}|([A-Za-z0-9_]+))");

  public HookCommand {
    words = List.copyOf(words);
  }

  /**
   * Splits a line by the rules of a POSIX shell: blanks, single and double quotes, backslash.
   *
   * @throws IllegalArgumentException when a quote is left open or there is no word
   */
  public static HookCommand parse(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = null;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else if (c == '\\' && quote == '"' && escapable(line, i + 1)) {
          word = append(word, line.charAt(++i));
        } else {
          word = append(word, c);
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        word = append(word, null);
      } else if (c == '\\' && i + 1 < line.length()) {
        word = append(word, line.charAt(++i));
      } else if (c == ' ' || c == '\t' || c == '\n') {
        if (word != null) {
          words.add(word.toString());
        }
        word = null;
      } else {
        word = append(word, c);
      }
    }
    if (quote != 0) {
      throw new IllegalArgumentException(
          "hook command: quote " + quote + " is not closed: " + line);
    }
    if (word != null) {
      words.add(word.toString());
    }
    if (words.isEmpty()) {
      throw new IllegalArgumentException("hook command is empty: expected a program");
    }
    return new HookCommand(words);
  }

  /** The words with variables replaced; an unknown variable is empty. */
  public List<String> expand(Function<String, @Nullable String> variables) {
    return words.stream().map(word -> expandWord(word, variables)).toList();
  }

  private static String expandWord(String word, Function<String, @Nullable String> variables) {
    Matcher matcher = VARIABLE.matcher(word);
    StringBuilder expanded = new StringBuilder();
    while (matcher.find()) {
      String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
      String value = name == null ? null : variables.apply(name);
      matcher.appendReplacement(expanded, Matcher.quoteReplacement(value == null ? "" : value));
    }
    return matcher.appendTail(expanded).toString();
  }

  private static boolean escapable(String line, int at) {
    return at < line.length() && "$`\"\\\n".indexOf(line.charAt(at)) >= 0;
  }

  private static StringBuilder append(@Nullable StringBuilder word, @Nullable Character c) {
    StringBuilder target = word == null ? new StringBuilder() : word;
    return c == null ? target : target.append(c.charValue());
  }
}
