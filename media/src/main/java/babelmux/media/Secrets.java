package babelmux.media;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Masks secrets in URLs and log lines: users and passwords in front of a host, every value of a
 * query, values whose name sounds secret anywhere, and what this process knows to be secret,
 * wherever it stands. Thread-safe.
 */
public final class Secrets {
  static final String SHOWN = "***";
  private static final List<String> NAMES =
      List.of(
          "pass", "token", "secret", "auth", "jwt", "key", "streamid", "signature", "credential");

  // Files have no key, and that of SRT stands in the query.
  private static final Set<String> KEYLESS = Set.of("file", "srt");

  // A shorter one is no secret, and would make other words unreadable.
  private static final int MIN_KEY = 4;

  // Known by their text: others may repeat them in any form. Never forgotten, for a log has a past.
  private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();

  /** A shorter one may be a word of every line. */
  private static final int MIN_KNOWN = 8;

  private Secrets() {}

  /**
   * From now on {@link #mask} hides this text wherever it stands, if it is long enough for that.
   */
  public static void know(String secret) {
    if (secret.length() >= MIN_KNOWN) {
      KNOWN.add(secret);
    }
  }

  /** The text with stars in place of what this process knows to be secret; all else stays. */
  public static String maskKnown(String text) {
    String masked = text;
    for (String secret : KNOWN) {
      masked = masked.replace(secret, SHOWN);
    }
    return masked;
  }

  /** The text of a log line with stars in place of what is secret. */
  public static String mask(String line) {
    String text = maskKnown(line);
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && !isBreak(text.charAt(end))) {
        end++;
      }
      maskWord(text.substring(at, end), false, out);
      if (end < text.length()) {
        out.append(text.charAt(end));
      }
      at = end + 1;
    }
    return out.toString();
  }

  /**
   * The text of one URL with stars in place of what is secret, also where it is not well-formed: a
   * user needs no {@code //} in front of it, and blanks and quotes end nothing.
   */
  public static String maskUrl(String text) {
    StringBuilder out = new StringBuilder(text.length());
    maskWord(text, true, out);
    return out.toString();
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

  /** Where the key of a URL begins: behind the application, or the host; -1 where it has none. */
  private static int keyBegins(String url) {
    int scheme = url.indexOf("://");
    if (scheme < 0 || KEYLESS.contains(url.substring(0, scheme).toLowerCase(Locale.ROOT))) {
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

  /** Log lines have URLs in quotes, and blanks around them. */
  private static boolean isBreak(char c) {
    return Character.isWhitespace(c) || c == '\'' || c == '"' || c == '<' || c == '>';
  }

  private static void maskWord(String word, boolean url, StringBuilder out) {
    int slashes = word.indexOf("//");
    int host = slashes < 0 ? 0 : slashes + 2;
    boolean inUrl = url || slashes >= 0;
    int user = inUrl ? endOfUser(word, host) : -1;
    boolean hidesUser = user > host;
    if (!hidesUser && word.lastIndexOf('@', host - 1) <= 0) {
      maskValues(word, false, inUrl, out);
      return;
    }
    maskScheme(word.substring(0, host), out);
    if (!hidesUser) {
      maskValues(word.substring(host), false, inUrl, out);
      return;
    }
    out.append(SHOWN);
    if (isValue(word, host, user)) {
      // A password with ? and = before the host, or a value with @ in it: nothing of either is
      // shown.
      int next = word.indexOf('&', user);
      maskValues(next < 0 ? "" : word.substring(next), true, inUrl, out);
    } else {
      maskValues(word.substring(user), false, inUrl, out);
    }
  }

  /** Masks what is behind {@code =}: everything in a query, else what sounds secret. */
  private static void maskValues(String text, boolean query, boolean inUrl, StringBuilder out) {
    boolean all = query;
    int name = 0;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      all |= c == '?';
      if (c == '=' && (all || isSecret(text.substring(name, at)))) {
        out.append(text, name, at + 1).append(SHOWN);
        while (at + 1 < text.length() && !endsValue(text.charAt(at + 1), inUrl)) {
          at++;
        }
        name = at + 1;
      } else if (c == '?' || c == '&' || c == ';' || c == '#' || c == ',' || c == '=') {
        out.append(text, name, at + 1);
        name = at + 1;
      }
    }
    out.append(text, name, text.length());
  }

  /** What stands up to the host, which may begin with a user and a password. */
  private static void maskScheme(String scheme, StringBuilder out) {
    int at = scheme.lastIndexOf('@');
    if (at > 0) {
      out.append(SHOWN).append(scheme, at, scheme.length());
    } else {
      maskValues(scheme, false, true, out);
    }
  }

  /**
   * The last {@code @}, so that an unescaped / or ? in a password does not cut it short; or an
   * escaped one where the host should be. -1 without either.
   */
  private static int endOfUser(String word, int host) {
    int at = word.lastIndexOf('@');
    if (at >= host) {
      return at;
    }
    int end = host;
    while (end < word.length() && "/?#".indexOf(word.charAt(end)) < 0) {
      end++;
    }
    int escaped = word.lastIndexOf("%40", end - 3);
    return escaped >= host ? escaped : -1;
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
