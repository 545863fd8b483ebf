package babelmux.hooks;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Setting {@code input.path-pattern}: which MediaMTX paths are inputs, and what their stream ids
 * are. A regular expression for the whole path with exactly one group, the stream id. Where it ends
 * in {@code /in}, the same path with {@code /out} is known as the stream's output. Immutable.
 */
public final class PathPattern {

  /** {@code live/<streamId>/in}. */
  public static final String DEFAULT = "^live/([A-Za-z0-9_-]+)/in$";

  /** The form of a stream id, whatever the pattern's group allows. */
  public static final String STREAM_ID = "[A-Za-z0-9_-]{1,64}";

  /**
   * A path that belongs to a stream.
   *
   * @param streamId {@link #STREAM_ID}
   * @param direction which end of the stream the path is
   */
  public record StreamPath(String streamId, Direction direction) {}

  private static final Pattern ID = Pattern.compile(STREAM_ID);
  private static final Pattern INPUT_END = Pattern.compile("/in(?=\\$?$)");
  private static final int MAX_PATH_LENGTH = 512;

  private final String text;
  private final Pattern in;
  private final @Nullable Pattern out;

  private PathPattern(String text, Pattern in, @Nullable Pattern out) {
    this.text = text;
    this.in = in;
    this.out = out;
  }

  /**
   * @param text a regular expression; MediaMTX's leading {@code ~} may stand in front of it
   * @throws IllegalArgumentException naming the setting, the value and what was expected
   */
  public static PathPattern parse(String text) {
    String regex = text.startsWith("~") ? text.substring(1) : text;
    Pattern in = compile(regex);
    int groups = in.matcher("").groupCount();
    if (groups != 1) {
      throw new IllegalArgumentException(
          "input.path-pattern: %s has %d groups: expected a regular expression with exactly one group, the stream id, such as %s (write other groups as (?:...))"
              .formatted(Printable.quote(text), groups, DEFAULT));
    }
    Matcher end = INPUT_END.matcher(regex);
    return new PathPattern(
        regex, in, end.find() ? Pattern.compile(end.replaceFirst("/out")) : null);
  }

  private static Pattern compile(String regex) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "input.path-pattern: %s is not a regular expression (%s): expected one such as %s"
              .formatted(Printable.quote(regex), Printable.escape(e.getDescription()), DEFAULT),
          e);
    }
  }

  /** Returns whether a text has the form of a stream id. */
  public static boolean isStreamId(String text) {
    return ID.matcher(text).matches();
  }

  /**
   * The stream that a path belongs to; empty for any other path and for stream ids that are not
   * allowed.
   */
  public Optional<StreamPath> match(String path) {
    if (path.length() > MAX_PATH_LENGTH) {
      return Optional.empty();
    }
    return match(in, path, Direction.IN).or(() -> match(out, path, Direction.OUT));
  }

  private static Optional<StreamPath> match(
      @Nullable Pattern pattern, String path, Direction direction) {
    if (pattern == null) {
      return Optional.empty();
    }
    Matcher matcher = pattern.matcher(path);
    return matcher.matches()
        ? Optional.ofNullable(matcher.group(1))
            .filter(PathPattern::isStreamId)
            .map(id -> new StreamPath(id, direction))
        : Optional.empty();
  }

  /** The regular expression. */
  @Override
  public String toString() {
    return text;
  }
}
