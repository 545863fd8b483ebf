package babelmux.app.doctor;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths of streams that are not there yet. Pure. */
final class TestPath {
  private static final Pattern GROUP =
      Pattern.compile("\\((?!\\?)(?:[^()\\\\\\[]|\\\\.|\\[[^\\]]*\\])*\\)");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(\\W)");

  private TestPath() {}

  /**
   * A path that a pattern takes for this stream's input; empty where none can be told from it.
   *
   * @param pattern {@code input.path-pattern}
   */
  static Optional<String> input(Pattern pattern, String id) {
    String text = pattern.pattern().replaceFirst("^\\^", "").replaceFirst("\\$$", "");
    String path =
        ESCAPED
            .matcher(GROUP.matcher(text).replaceFirst(Matcher.quoteReplacement(id)))
            .replaceAll("$1");
    Matcher matcher = pattern.matcher(path);
    return matcher.matches() && id.equals(matcher.group(1)) ? Optional.of(path) : Optional.empty();
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
