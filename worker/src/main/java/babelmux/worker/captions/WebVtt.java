package babelmux.worker.captions;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The text of a WebVTT file. Pure. */
public final class WebVtt {
  /** What a file begins with. */
  public static final String HEADER = "WEBVTT\n\n";

  private static final Pattern TIMES =
      Pattern.compile("(\\d{2,}):(\\d\\d):(\\d\\d)\\.(\\d{3}) --> ");

  private WebVtt() {}

  /**
   * A cue with the empty line behind it.
   *
   * @param zeroUs the output time at which the file begins
   */
  public static String of(Cue cue, long zeroUs) {
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
  public static String escape(String line) {
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** The cues of a text that {@link #of} has written, by their starts in milliseconds. */
  public static Map<Long, String> cuesByStart(String text) {
    Map<Long, String> cues = new TreeMap<>();
    for (String block : text.split("\n\n")) {
      Matcher times = TIMES.matcher(block);
      if (times.lookingAt()) {
        long startMs =
            Long.parseLong(times.group(1)) * 3_600_000
                + Long.parseLong(times.group(2)) * 60_000
                + Long.parseLong(times.group(3)) * 1000
                + Long.parseLong(times.group(4));
        cues.put(startMs, block.strip() + "\n\n");
      }
    }
    return cues;
  }
}
