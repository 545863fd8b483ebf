package babelmux.hooks;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MTX_QUERY: the publisher's query, URL-encoded as a whole since MediaMTX 1.18.1, raw before. */
final class QueryText {

  /** All that Go's QueryEscape can produce: a text with anything else in it is raw. */
  private static final Pattern ESCAPED = Pattern.compile("(?:[A-Za-z0-9_.~+-]|%[0-9A-Fa-f]{2})*");

  private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final Pattern ESCAPED_CONTROL = Pattern.compile("%(?:[01][0-9A-Fa-f]|7[Ff])");
  private static final Pattern FORBIDDEN = Pattern.compile("[\"'`<>\\\\]");
  private static final Pattern CREDENTIAL =
      Pattern.compile(
          "(?i)((?:^|[?&;])[^=&;]*(?:user|pass|token|jwt|secret|key|auth|sig)[^=&;]*=)[^&;]*");
  private static final int MAX_LENGTH = 4096;

  private QueryText() {}

  /**
   * The query as it stood in the publisher's URL, decoded once where it came encoded.
   *
   * @throws InvalidEvent naming what is wrong with it; values of credentials are masked
   */
  static String decodeOnce(String value) {
    if (value.length() > MAX_LENGTH) {
      throw new InvalidEvent(
          "query: %d characters: expected at most %d".formatted(value.length(), MAX_LENGTH));
    }
    String query =
        ESCAPED.matcher(value).matches() ? URLDecoder.decode(value, StandardCharsets.UTF_8) : value;
    refuse(query, FORBIDDEN, "quotes, backslashes and angle brackets to be percent-encoded");
    refuse(query, BAD_ESCAPE, "% to be followed by two hexadecimal digits");
    refuse(query, ESCAPED_CONTROL, "no control characters, not even encoded ones");
    if (query.indexOf('\ufffd') >= 0 || !query.codePoints().allMatch(Printable::isVisible)) {
      throw invalid(query, "UTF-8 text without control characters");
    }
    return query;
  }

  private static void refuse(String query, Pattern bad, String expected) {
    Matcher matcher = bad.matcher(query);
    if (matcher.find()) {
      throw invalid(query, "%s (found %s)".formatted(expected, Printable.quote(matcher.group())));
    }
  }

  private static InvalidEvent invalid(String query, String expected) {
    return new InvalidEvent(
        "query: %s: expected %s".formatted(Printable.quote(redact(query)), expected));
  }

  /** The query with the values of everything masked that may be a credential. */
  static String redact(String query) {
    return CREDENTIAL.matcher(query).replaceAll("$1***");
  }
}
