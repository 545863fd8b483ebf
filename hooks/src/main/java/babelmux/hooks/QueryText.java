package babelmux.hooks;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;

/**
 * MTX_QUERY: the publisher's query, URL-encoded as a whole since MediaMTX 1.18.1, raw before. A
 * publisher chooses every character of it, and it is read on an event loop: each check is one pass
 * over the text.
 */
final class QueryText {

  private static final int MAX_LENGTH = 4096;
  private static final int MAX_PARAMETERS = 64;
  private static final String MASK = "***";

  private QueryText() {}

  /**
   * The query as it stood in the publisher's URL, decoded once where it came encoded.
   *
   * @throws InvalidBody naming what is wrong with it; values are masked
   */
  static String decodeOnce(String value) {
    if (value.length() > MAX_LENGTH) {
      throw new InvalidBody(
          "query: %d characters: expected at most %d".formatted(value.length(), MAX_LENGTH));
    }
    String query =
        isEscaped(value)
            ? QueryStringDecoder.decodeComponent(value, StandardCharsets.UTF_8)
            : value;
    for (int i = 0; i < query.length(); i++) {
      refuseAt(query, i);
    }
    if (query.indexOf('\ufffd') >= 0 || !query.codePoints().allMatch(Printable::isVisible)) {
      throw invalid(query, "UTF-8 text without control characters");
    }
    int parameters =
        new QueryStringDecoder(query, StandardCharsets.UTF_8, false, MAX_PARAMETERS + 1)
            .parameters().values().stream().mapToInt(List::size).sum();
    if (parameters > MAX_PARAMETERS) {
      throw new InvalidBody(
          "query: more than %d parameters: expected at most that".formatted(MAX_PARAMETERS));
    }
    return query;
  }

  /** Text that Go's QueryEscape can have made: a text with any other character in it is raw. */
  private static boolean isEscaped(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "_.~+-".indexOf(c) >= 0);
      if (!plain && escapedByte(value, i).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** The byte that {@code %xx} at this place stands for; empty where there is no such escape. */
  private static OptionalInt escapedByte(String value, int at) {
    if (value.charAt(at) != '%' || at + 2 >= value.length()) {
      return OptionalInt.empty();
    }
    int high = hexDigit(value.charAt(at + 1));
    int low = hexDigit(value.charAt(at + 2));
    return high < 0 || low < 0 ? OptionalInt.empty() : OptionalInt.of(high << 4 | low);
  }

  private static int hexDigit(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  private static void refuseAt(String query, int at) {
    char c = query.charAt(at);
    if ("\"'`<>\\".indexOf(c) >= 0) {
      throw invalid(
          query,
          "quotes, backslashes and angle brackets to be percent-encoded (found %s)"
              .formatted(Printable.quote(String.valueOf(c))));
    }
    if (c != '%') {
      return;
    }
    OptionalInt escaped = escapedByte(query, at);
    if (escaped.isEmpty()) {
      throw invalid(query, "% to be followed by two hexadecimal digits");
    }
    if (escaped.getAsInt() < 0x20 || escaped.getAsInt() == 0x7f) {
      throw invalid(
          query,
          "no control characters, not even encoded ones (found %s)"
              .formatted(Printable.quote(query.substring(at, at + 3))));
    }
  }

  private static InvalidBody invalid(String query, String expected) {
    return new InvalidBody(
        "query: %s: expected %s".formatted(Printable.quote(redact(query)), expected));
  }

  /** The query with the value of every parameter masked, encoded or not. Takes any text. */
  static String redact(String query) {
    StringBuilder out = new StringBuilder(query.length());
    boolean inValue = false;
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      boolean separates = "?&;".indexOf(c) >= 0;
      if (separates || !inValue) {
        out.append(c);
      }
      // A whole parameter may have been encoded once more: jwt%3Dabc.
      boolean begins = !separates && !inValue && (c == '=' || c == '%');
      if (begins) {
        out.append(MASK);
      }
      inValue = !separates && (inValue || begins);
    }
    return out.toString();
  }
}
