package babelmux.page;

import java.util.List;
import java.util.Locale;

/** Reads {@code Accept} headers. A function of text. */
final class Accept {

  private static final String HTML = "text/html";
  private static final String JSON = "application/json";
  private static final int MAX_LENGTH = 4096;

  private Accept() {}

  /**
   * Tells whether a client would rather have HTML than JSON. Programs that accept everything alike
   * get JSON; browsers name HTML.
   *
   * @param headers all values of {@code Accept}; none means everything
   */
  static boolean prefersHtml(List<String> headers) {
    String accept = String.join(",", headers);
    return accept.length() <= MAX_LENGTH && quality(accept, HTML) > quality(accept, JSON);
  }

  /** The quality that the most specific range for this type has, 0 to 1; 0 when none matches. */
  private static double quality(String accept, String type) {
    double quality = accept.isBlank() ? 1 : 0;
    int best = -1;
    for (String part : accept.split(",")) {
      String[] range = part.split(";", -1);
      int specific = match(range[0].strip().toLowerCase(Locale.ROOT), type);
      if (specific > best) {
        best = specific;
        quality = weight(range);
      }
    }
    return quality;
  }

  private static int match(String range, String type) {
    if (range.equals(type)) {
      return 2;
    }
    if (range.equals(type.substring(0, type.indexOf('/') + 1) + "*")) {
      return 1;
    }
    return range.equals("*/*") ? 0 : -1;
  }

  /** The weight of a range: 1 where it has none, 0 where it is no number from 0 to 1. */
  private static double weight(String[] range) {
    for (int i = 1; i < range.length; i++) {
      String parameter = range[i].strip().toLowerCase(Locale.ROOT);
      if (parameter.startsWith("q=")) {
        return number(parameter.substring(2).strip());
      }
    }
    return 1;
  }

  private static double number(String text) {
    if (!text.matches("[01](\\.\\d{0,3})?")) {
      return 0;
    }
    return Math.min(1, Double.parseDouble(text));
  }
}
