package babelmux.worker.hls;

import babelmux.hooks.Printable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The attributes of a tag in a playlist, RFC 8216 4.2, each checked when it is asked for. Pure. */
final class AttributeList {
  private static final int MAX_ATTRIBUTES = 40;
  private static final Pattern ATTRIBUTE =
      Pattern.compile("([A-Z0-9-]{1,40})=(\"[^\"\\r\\n]{0,500}\"|[^\",\\s]{1,500})(?:,|$)");

  private final Map<String, String> values;

  private AttributeList(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads what stands behind a tag's colon.
   *
   * @throws HlsException when it is no attribute list
   */
  static AttributeList parse(String text) throws HlsException {
    Map<String, String> values = new LinkedHashMap<>();
    Matcher matcher = ATTRIBUTE.matcher(text);
    int at = 0;
    while (at < text.length()) {
      matcher.region(at, text.length());
      if (!matcher.lookingAt()
          || values.put(matcher.group(1), matcher.group(2)) != null
          || values.size() > MAX_ATTRIBUTES) {
        throw HlsException.unavailable("a playlist with the attributes %s".formatted(shown(text)));
      }
      at = matcher.end();
    }
    return new AttributeList(values);
  }

  /**
   * A value without quotes.
   *
   * @return null when there is none
   * @throws HlsException when it is there and not of this form
   */
  @Nullable String plain(String name, Pattern form) throws HlsException {
    return checked(name, values.get(name), form);
  }

  /** A value in quotes, without them; otherwise as {@link #plain}. */
  @Nullable String quoted(String name, Pattern form) throws HlsException {
    String value = values.get(name);
    if (value == null) {
      return null;
    }
    if (!value.startsWith("\"")) {
      throw HlsException.unavailable("a playlist with %s=%s".formatted(name, shown(value)));
    }
    return checked(name, value.substring(1, value.length() - 1), form);
  }

  private static @Nullable String checked(String name, @Nullable String value, Pattern form)
      throws HlsException {
    if (value != null && !form.matcher(value).matches()) {
      throw HlsException.unavailable("a playlist with %s=%s".formatted(name, shown(value)));
    }
    return value;
  }

  static String shown(String text) {
    return Printable.quote(text.length() > 100 ? text.substring(0, 100) + "..." : text);
  }
}
