package babelmux.app.doctor;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths of streams that are not there yet. Pure. */
final class TestPath {
  private static final Pattern ESCAPED = Pattern.compile("\\\\(\\W)");

  private TestPath() {}

  /**
   * A path that a pattern takes for this stream's input; empty where none can be told from it.
   *
   * @param pattern {@code input.path-pattern}
   */
  static Optional<String> input(Pattern pattern, String id) {
    String text = pattern.pattern().replaceFirst("^\\^", "").replaceFirst("\\$$", "");
    String path = ESCAPED.matcher(withId(text, id)).replaceAll("$1");
    Matcher matcher = pattern.matcher(path);
    return matcher.matches() && id.equals(matcher.group(1)) ? Optional.of(path) : Optional.empty();
  }

  /** The pattern with the id in place of its first group; itself where it has none. */
  static String withId(String pattern, String id) {
    int begin = -1;
    int depth = 0;
    boolean inClass = false;
    for (int at = 0; at < pattern.length(); at++) {
      char c = pattern.charAt(at);
      if (c == '\\') {
        at++;
      } else if (inClass) {
        inClass = c != ']';
      } else if (c == '[') {
        inClass = true;
      } else if (c == '(') {
        begin = begin < 0 && !pattern.startsWith("(?", at) ? at : begin;
        depth += begin < 0 ? 0 : 1;
      } else if (c == ')' && begin >= 0) {
        depth--;
        if (depth == 0) {
          return pattern.substring(0, begin) + id + pattern.substring(at + 1);
        }
      }
    }
    return pattern;
  }

  /**
   * The pattern of paths that differ in the stream id only.
   *
   * @param path of the stream {@code id}
   */
  static Pattern like(String path, String id) {
    return Pattern.compile(Pattern.quote(path).replace(id, "\\E([A-Za-z0-9_-]{1,64})\\Q"));
  }
}
