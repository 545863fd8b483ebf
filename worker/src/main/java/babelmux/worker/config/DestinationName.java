package babelmux.worker.config;

import java.util.regex.Pattern;

/** Names of destinations, as settings, the API, publishers and metrics have them. */
public final class DestinationName {

  /** The stream's own output. */
  public static final String OUT = "out";

  /** The form of a name. */
  public static final String EXPECTED =
      "a letter or digit, then up to 31 letters, digits, - and _, but not " + OUT;

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,31}");

  private DestinationName() {}

  /** Returns whether a destination beside the stream's own output may have this name. */
  public static boolean isGood(String name) {
    return FORM.matcher(name).matches() && !name.equals(OUT);
  }
}
