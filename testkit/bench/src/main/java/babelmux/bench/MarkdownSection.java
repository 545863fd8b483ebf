package babelmux.bench;

/** A part of a page that a program writes, between two comments that name it. */
final class MarkdownSection {

  private MarkdownSection() {}

  /**
   * The page with this body in the section; at its end when the page does not have it yet.
   *
   * @param name such as {@code hooks}
   */
  static String put(String page, String name, String body) {
    String begin = "<!-- bench: " + name + " -->\n";
    String end = "<!-- end of bench: " + name + " -->\n";
    String section = begin + body + end;
    int from = page.indexOf(begin);
    int to = page.indexOf(end);
    if (from < 0 || to < from) {
      return page.isEmpty() ? section : page.stripTrailing() + "\n\n" + section;
    }
    return page.substring(0, from) + section + page.substring(to + end.length());
  }
}
