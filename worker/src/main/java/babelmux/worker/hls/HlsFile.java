package babelmux.worker.hls;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file that a playlist of MediaMTX names: one beside the playlist, and nowhere else.
 *
 * @param name without a folder
 * @param session MediaMTX's session, from the query; null without one. Lets whoever has the same
 *     address read the path
 */
record HlsFile(String name, @Nullable String session) {
  private static final Pattern URI =
      Pattern.compile("([A-Za-z0-9_][A-Za-z0-9_.-]{0,150})(?:\\?([^#\\s]{0,500}))?");
  private static final Pattern SESSION =
      Pattern.compile("(?:.*&)?session=([0-9A-Fa-f-]{36})(?:&.*)?");

  /**
   * Reads a URI. Of the query only the session is kept.
   *
   * @throws HlsException when it leads elsewhere
   */
  static HlsFile parse(String uri) throws HlsException {
    Matcher matcher = URI.matcher(uri);
    if (!matcher.matches()) {
      throw HlsException.unavailable(
          "a playlist that leads to %s".formatted(AttributeList.shown(uri)));
    }
    Matcher session = matcher.group(2) == null ? null : SESSION.matcher(matcher.group(2));
    return new HlsFile(
        matcher.group(1), session != null && session.matches() ? session.group(1) : null);
  }

  /** The query, without a question mark; null without one. */
  @Nullable String query() {
    return session == null ? null : "session=" + session;
  }

  /** The URI relative to its folder. */
  String uri() {
    return session == null ? name : name + "?session=" + session;
  }
}
