package babelmux.worker.recording;

import java.util.stream.Collectors;

/** The text of a WebVTT file. Pure. */
final class WebVtt {
  /** What a file begins with. */
  static final String HEADER = "WEBVTT\n\n";

  private WebVtt() {}

  /**
   * A cue with the empty line behind it.
   *
   * @param zeroUs the output time at which the file begins
   */
  static String of(Cue cue, long zeroUs) {
    long startMs = Math.max(0, cue.startUs() - zeroUs) / 1000;
    long endMs = Math.max(startMs + 1, (cue.endUs() - zeroUs) / 1000);
    return "%s --> %s\n%s\n\n"
        .formatted(
            time(startMs),
            time(endMs),
            cue.lines().stream().map(WebVtt::escape).collect(Collectors.joining("\n")));
  }

  private static String time(long ms) {
    return "%02d:%02d:%02d.%03d"
        .formatted(ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000);
  }

  /** Nothing in the text is markup, and no line of it can be taken for a cue's times. */
  static String escape(String line) {
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
