package babelmux.worker.api;

import java.util.List;
import java.util.stream.Stream;

/** The cookie that holds a session: its text in either direction. Stateless. */
final class SessionCookie {

  static final String NAME = "babelmux-session";

  private static final String ATTRIBUTES = "; HttpOnly; SameSite=Strict; Path=/; Max-Age=";

  private SessionCookie() {}

  /**
   * Reads the values of all cookies of this name.
   *
   * @param headers all values of the header {@code Cookie}; may be anything
   */
  static List<String> values(List<String> headers) {
    return headers.stream()
        .flatMap(header -> Stream.of(header.split(";", -1)))
        .map(String::strip)
        .filter(pair -> pair.startsWith(NAME + "="))
        .map(pair -> pair.substring(NAME.length() + 1))
        .toList();
  }

  /**
   * The header {@code Set-Cookie} for a new session.
   *
   * @param secure whether the browser is to send it over https only
   */
  static String set(String value, boolean secure) {
    return NAME + "=" + value + ATTRIBUTES + Sessions.LIFE.toSeconds() + (secure ? "; Secure" : "");
  }

  /** The header {@code Set-Cookie} that takes it away. */
  static String removed(boolean secure) {
    return NAME + "=" + ATTRIBUTES + 0 + (secure ? "; Secure" : "");
  }
}
