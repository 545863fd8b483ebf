package babelmux.worker.config;

import babelmux.media.Secrets;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL with placeholders in braces. {@code {rtmp-url}} stands at the beginning only: it is the
 * server of {@code mediamtx.rtmp-url}, whose credentials go to the end. Equal to another one of the
 * same text.
 */
record UrlTemplate(String text) {
  private static final String SERVER = "{rtmp-url}";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)\\}");

  /**
   * Reads a template.
   *
   * @param schemes that a URL which does not begin with the server may have
   * @param known placeholders that it may have
   * @param distinct placeholders of which it must have one: two streams must not share a URL; none
   *     where they may
   * @throws IllegalArgumentException if it is none of that kind
   */
  static UrlTemplate parse(
      String text, Set<String> schemes, Set<String> known, Set<String> distinct) {
    String rest = text.startsWith(SERVER) ? text.substring(SERVER.length()) : text;
    Matcher placeholder = PLACEHOLDER.matcher(rest);
    boolean isDistinct = false;
    while (placeholder.find()) {
      Parsers.require(known.contains(placeholder.group(1)));
      isDistinct |= distinct.contains(placeholder.group(1));
    }
    Parsers.require(isDistinct || distinct.isEmpty());
    Parsers.require(!placeholder.replaceAll("").matches("(?s).*[{}\\s].*"));
    if (text.startsWith(SERVER)) {
      Parsers.require(rest.startsWith("/"));
    } else {
      int colon = text.indexOf("://");
      Parsers.require(colon > 0 && schemes.contains(text.substring(0, colon)));
    }
    return new UrlTemplate(text);
  }

  /** Returns whether it begins with the server of {@code mediamtx.rtmp-url}. */
  boolean isOnServer() {
    return text.startsWith(SERVER);
  }

  /** What stands behind the server, a slash first, filled in; the whole where there is none. */
  String fill(Map<String, String> values) {
    String filled = isOnServer() ? text.substring(SERVER.length()) : text;
    for (Map.Entry<String, String> value : values.entrySet()) {
      filled = filled.replace("{" + value.getKey() + "}", value.getValue());
    }
    return filled;
  }

  /** The URL, filled in. May hold credentials: show it through {@link Secrets#maskUrl}. */
  String resolve(ServerUrl rtmp, Map<String, String> values) {
    if (!isOnServer()) {
      return fill(values);
    }
    String url = rtmp.base() + fill(values);
    String query = rtmp.query();
    return url + (url.contains("?") ? query.replace('?', '&') : query);
  }

  /** Redacted. */
  @Override
  public String toString() {
    return Secrets.maskUrl(text);
  }
}
