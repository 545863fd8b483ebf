package babelmux.app.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hook's command as MediaMTX runs it: without a shell, split into words, each with its variables
 * replaced. Pure.
 *
 * @param words the first one is the program; empty for a command of nothing
 * @param unset variables of the program's name that are not set
 */
record HookCommand(List<String> words, List<String> unset) {
  private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']++|\"[^\"]*+\"|'[^']*+')++");
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)\\}|([A-Za-z_][A-Za-z0-9_]*))");
  private static final Pattern URL = Pattern.compile("https?://[^\\s\"'/]+");

  HookCommand {
    words = List.copyOf(words);
    unset = List.copyOf(unset);
  }

  static HookCommand of(String command, Map<String, String> environment) {
    List<String> words = new ArrayList<>();
    List<String> unset = new ArrayList<>();
    Matcher word = WORD.matcher(command);
    while (word.find()) {
      String text = word.group().replaceAll("[\"']", "");
      if (words.isEmpty()) {
        VARIABLE
            .matcher(text)
            .results()
            .map(HookCommand::name)
            .filter(name -> !environment.containsKey(name))
            .forEach(unset::add);
      }
      words.add(
          VARIABLE
              .matcher(text)
              .replaceAll(
                  found -> Matcher.quoteReplacement(environment.getOrDefault(name(found), ""))));
    }
    return new HookCommand(words, unset);
  }

  /** The program of a command as it is written: its arguments may hold anything. */
  static String shown(String command) {
    return command.strip().split("\\s", 2)[0];
  }

  private static String name(MatchResult variable) {
    return variable.group(1) == null ? variable.group(2) : variable.group(1);
  }

  /** The program's name or path; empty when there is none. */
  String program() {
    return words.isEmpty() ? "" : words.get(0);
  }

  /** Returns whether it is the program that comes with babelmux. */
  boolean isMtxHook() {
    return program().endsWith("mtx-hook");
  }

  /** The address that stands in the command itself. */
  Optional<String> url() {
    return words.stream()
        .flatMap(word -> URL.matcher(word).results())
        .map(MatchResult::group)
        .findFirst();
  }
}
