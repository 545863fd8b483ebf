package babelmux.hooks;

/** Foreign text made safe for answers and logs. */
public final class Printable {

  private static final int MAX_SHOWN = 80;

  private Printable() {}

  /** In quotes, shortened, with everything escaped that is not plainly visible. */
  public static String quote(String value) {
    return '"' + escape(value) + '"';
  }

  /**
   * Shortened, with everything escaped that is not plainly visible: controls, formats (bidi), lone
   * surrogates.
   */
  public static String escape(String value) {
    StringBuilder out = new StringBuilder();
    value
        .codePoints()
        .limit(MAX_SHOWN)
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
              } else if (isVisible(c)) {
                out.appendCodePoint(c);
              } else {
                out.append(escaped(c));
              }
            });
    int length = value.codePointCount(0, value.length());
    return length <= MAX_SHOWN ? out.toString() : out + "... (" + length + " characters)";
  }

  /**
   * As one line: with everything escaped that is not plainly visible, and quotes and backslashes as
   * they are.
   *
   * @param max how many characters are shown
   */
  public static String line(String value, int max) {
    StringBuilder out = new StringBuilder();
    value
        .codePoints()
        .limit(max)
        .forEach(
            c -> {
              if (isVisible(c)) {
                out.appendCodePoint(c);
              } else {
                out.append(escaped(c));
              }
            });
    int length = value.codePointCount(0, value.length());
    return length <= max ? out.toString() : out + "... (" + length + " characters)";
  }

  private static String escaped(int codePoint) {
    return String.format(codePoint > 0xffff ? "\\u{%x}" : "\\u%04x", codePoint);
  }

  /** Returns whether a code point shows as itself and can neither break a line nor reorder one. */
  static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
