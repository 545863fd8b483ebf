package babelmux.media;

import java.util.List;
import java.util.Locale;

/**
 * Masks secrets in URLs and log lines: users and passwords in front of a host, every value of a
 * query, and values whose name sounds secret anywhere. One pass over the text.
 */
public final class Secrets {
  static final String SHOWN = "***";
  private static final List<String> NAMES =
      List.of(
          "pass", "token", "secret", "auth", "jwt", "key", "streamid", "signature", "credential");

  // A shorter one is no secret, and would make other words unreadable.
  private static final int MIN_KEY = 4;

  private Secrets() {}

  /** The text of a log line with stars in place of what is secret. */
  public static String mask(String text) {
    return mask(text, false);
  }

  /**
   * The text of a URL with stars in place of what is secret, also where it is not well-formed: a
   * user needs no {@code //} in front of it.
   */
  public static String maskUrl(String text) {
    return mask(text, true);
  }

  /**
   * As {@link #maskUrl}, of a URL that is published to: what stands behind an RTMP application is a
   * stream key, and is not shown either.
   */
  public static String maskKey(String url) {
    String masked = maskUrl(url);
    int key = keyBegins(masked);
    return key < 0 || key == masked.length() ? masked : masked.substring(0, key) + SHOWN;
  }

  /** What {@link #maskKey} hides of a URL, as it stands there; longest first. */
  static List<String> keysOf(String url) {
    int begin = keyBegins(url);
    if (begin < 0) {
      return List.of();
    }
    String key = url.substring(begin);
    int query = key.indexOf('?');
    List<String> all = query < 0 ? List.of(key) : List.of(key, key.substring(0, query));
    return all.stream().filter(text -> text.length() >= MIN_KEY).toList();
  }

  /** Where the key of an RTMP URL begins: behind the application, or the host; -1 for others. */
  private static int keyBegins(String url) {
    int scheme = url.indexOf("://");
    if (scheme < 0 || !url.regionMatches(true, 0, "rtmp", 0, 4)) {
      return -1;
    }
    int path = url.indexOf('/', scheme + 3);
    if (path < 0) {
      return -1;
    }
    int app = url.indexOf('/', path + 1);
    int query = url.indexOf('?', path + 1);
    boolean hasApp = app >= 0 && (query < 0 || app < query);
    return (hasApp ? app : path) + 1;
  }

  private static String mask(String text, boolean url) {
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && !isBreak(text.charAt(end), url)) {
        end++;
      }
      maskWord(text.substring(at, end), url, out);
      if (end < text.length()) {
        out.append(text.charAt(end));
      }
      at = end + 1;
    }
    return out.toString();
  }

  /** Log lines have URLs in quotes; a URL may have quotes in its password. */
  private static boolean isBreak(char c, boolean url) {
    return Character.isWhitespace(c) || (!url && (c == '\'' || c == '"' || c == '<' || c == '>'));
  }

  private static void maskWord(String word, boolean url, StringBuilder out) {
    int from = 0;
    int host = word.indexOf("//");
    boolean inUrl = url || host >= 0;
    boolean query = false;
    // The last one: an unescaped / or ? in a password must not cut it short.
    int user = word.lastIndexOf('@');
    if (user > host && inUrl) {
      out.append(word, 0, host < 0 ? 0 : host + 2).append(SHOWN);
      from = user;
      if (isValue(word, host, user)) {
        // A password with ? and = before the host, or a value with @ in it: nothing of either is
        // shown.
        int next = word.indexOf('&', user);
        from = next < 0 ? word.length() : next;
        query = true;
      }
    }
    int name = from;
    for (int at = from; at < word.length(); at++) {
      char c = word.charAt(at);
      query |= c == '?';
      if (c == '=' && (query || isSecret(word.substring(name, at)))) {
        out.append(word, name, at + 1).append(SHOWN);
        while (at + 1 < word.length() && !endsValue(word.charAt(at + 1), inUrl)) {
          at++;
        }
        name = at + 1;
      } else if (c == '?' || c == '&' || c == ';' || c == '#' || c == ',' || c == '=') {
        out.append(word, name, at + 1);
        name = at + 1;
      }
    }
    out.append(word, name, word.length());
  }

  /** Returns whether a character may stand in a value of a query that begins behind the host. */
  private static boolean isValue(String word, int host, int at) {
    int question = word.indexOf('?', Math.max(host, 0));
    return question >= 0 && question < at && word.lastIndexOf('=', at) > question;
  }

  /** FFmpeg ends the value of a URL at {@code &} and nowhere else. */
  private static boolean endsValue(char c, boolean inUrl) {
    return c == '&' || (!inUrl && (c == ';' || c == '#'));
  }

  private static boolean isSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return NAMES.stream().anyMatch(lower::contains);
  }
}
