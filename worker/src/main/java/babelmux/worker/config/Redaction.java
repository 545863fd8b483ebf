package babelmux.worker.config;

import java.util.regex.Pattern;

/** Takes what is secret out of URLs. */
public final class Redaction {

  /** Greedy on purpose: an unescaped / or ? in a password must not cut it short. */
  private static final Pattern USER_INFO = Pattern.compile("(//|^(?!\\S*//))\\S*@");

  private static final Pattern QUERY_VALUE = Pattern.compile("(?<=[?&;])([^=&;#\\s]+)=[^&;#\\s]*");

  private Redaction() {}

  /**
   * The text with every user and password in front of a host, and every value of a query, replaced
   * by stars. Works on texts that are no well-formed URL, too.
   */
  public static String url(String text) {
    String withoutUser = USER_INFO.matcher(text).replaceAll("$1" + Secret.SHOWN + "@");
    return QUERY_VALUE.matcher(withoutUser).replaceAll("$1=" + Secret.SHOWN);
  }
}
