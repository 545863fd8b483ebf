package babelmux.worker.api;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The cookie that holds a session: its text in either direction. Browsers send a cookie to every
 * port of a host, so its name has the port that the worker was asked at: workers beside each other
 * leave each other's alone.
 *
 * @param name of this worker's cookie
 */
record SessionCookie(String name) {

  /** Its name where the port is the one that goes without saying. */
  static final String NAME = "babelmux-session";

  private static final Pattern PORT = Pattern.compile("[^@/\\s]*:([1-9]\\d{0,4})");
  private static final int MAX_PORT = 65_535;
  private static final String ATTRIBUTES = "; HttpOnly; SameSite=Strict; Path=/; Max-Age=";

  /**
   * The cookie of the worker that is asked by this name.
   *
   * @param host all values of the header {@code Host}; may be anything
   */
  static SessionCookie of(List<String> host) {
    Matcher port = PORT.matcher(host.size() == 1 ? host.get(0) : "");
    boolean known = port.matches() && Integer.parseInt(port.group(1)) <= MAX_PORT;
    return new SessionCookie(known ? NAME + "-" + port.group(1) : NAME);
  }

  /**
   * Reads the values of all cookies of this name.
   *
   * @param headers all values of the header {@code Cookie}; may be anything
   */
  List<String> values(List<String> headers) {
    return headers.stream()
        .flatMap(header -> Stream.of(header.split(";", -1)))
        .map(String::strip)
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> pair.substring(name.length() + 1))
        .toList();
  }

  /**
   * The header {@code Set-Cookie} for a new session.
   *
   * @param secure whether the browser is to send it over https only
   */
  String set(String value, boolean secure) {
    return name + "=" + value + ATTRIBUTES + Sessions.LIFE.toSeconds() + (secure ? "; Secure" : "");
  }

  /** The header {@code Set-Cookie} that takes it away. */
  String removed(boolean secure) {
    return name + "=" + ATTRIBUTES + 0 + (secure ? "; Secure" : "");
  }
}
