package babelmux.origin.rtmp;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Address at which a client publishes or plays: FFmpeg splits {@code live/demo} + {@code in}, OBS
 * {@code live} + {@code demo/in}; both mean {@code live/demo/in}.
 *
 * @param path without a leading slash, checked
 * @param query as sent, without the question mark, empty when there is none
 */
public record StreamAddress(String path, String query) {
  private static final Pattern NAME = Pattern.compile("[0-9a-zA-Z_\\-/.]+");
  private static final int MAX_CHARS = 2048;

  /**
   * Joins the {@code tcUrl} of the connect command and the name of the publish or play command.
   *
   * @throws RtmpProtocolException when the result is no valid path
   */
  public static StreamAddress of(String tcUrl, String name) throws RtmpProtocolException {
    if (tcUrl.length() + name.length() > MAX_CHARS) {
      throw new RtmpProtocolException("stream address longer than " + MAX_CHARS + " characters");
    }
    String joined = name.isEmpty() || name.startsWith("?") ? tcUrl : tcUrl + "/" + name;
    int mark = joined.indexOf('?');
    String query = mark < 0 ? "" : joined.substring(mark + 1);
    String address = mark < 0 ? joined : joined.substring(0, mark);
    String path;
    try {
      URI uri = new URI(address);
      path = uri.getPath() == null ? "" : uri.getPath();
    } catch (URISyntaxException e) {
      throw new RtmpProtocolException("invalid stream address: " + e.getReason());
    }
    while (path.startsWith("/")) {
      path = path.substring(1);
    }
    check(path);
    return new StreamAddress(path, query);
  }

  /** A {@code tcUrl} without the quotes that some clients put around it. */
  public static String unquoted(String tcUrl) {
    int start = 0;
    int end = tcUrl.length();
    while (start < end && tcUrl.charAt(start) == '\'') {
      start++;
    }
    while (end > start && tcUrl.charAt(end - 1) == '\'') {
      end--;
    }
    return tcUrl.substring(start, end);
  }

  /** The decoded parameters of the query; the first of each name counts. */
  public Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters.putIfAbsent(decode(key), decode(value));
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static void check(String path) throws RtmpProtocolException {
    String problem = null;
    if (path.isEmpty()) {
      problem = "cannot be empty";
    } else if (path.endsWith("/")) {
      problem = "can't end with a slash";
    } else if (!NAME.matcher(path).matches()) {
      problem = "can contain only alphanumeric characters, underscore, dot, minus, slash";
    } else {
      for (String segment : path.split("/", -1)) {
        if (segment.equals(".") || segment.equals("..")) {
          problem = "can't contain dot path segments";
        }
      }
    }
    if (problem != null) {
      throw new RtmpProtocolException("invalid path name: " + problem);
    }
  }
}
