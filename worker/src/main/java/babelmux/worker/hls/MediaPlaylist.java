package babelmux.worker.hls;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What of MediaMTX's media playlist tells the times of its media: the last whole segment that has a
 * date. Pure.
 *
 * @param targetSeconds no segment is longer, rounded to whole seconds
 * @param map the file with the tracks' time scales; null in MPEG-TS
 * @param segment the last segment that has a date
 * @param date of the segment's beginning, as the server's clock had it
 */
record MediaPlaylist(int targetSeconds, @Nullable HlsFile map, HlsFile segment, Instant date) {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,2}");
  private static final Pattern URI = Pattern.compile("\\S{1,500}");
  private static final int MAX_TARGET_SECONDS = 60;

  /** ISO 8601, with an offset in either form. */
  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .optionalStart()
          .appendOffset("+HH:MM", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HHMM", "Z")
          .optionalEnd()
          .toFormatter(Locale.ROOT);

  /**
   * Reads a playlist.
   *
   * @throws HlsException when it is none, or has no segment with a date
   */
  static MediaPlaylist parse(byte[] text) throws HlsException {
    List<String> lines = Lines.of(text);
    Integer target = null;
    HlsFile map = null;
    HlsFile segment = null;
    Instant date = null;
    Instant next = null;
    boolean gap = false;
    for (String line : lines) {
      String seconds = Lines.after("#EXT-X-TARGETDURATION", line);
      String init = Lines.after("#EXT-X-MAP", line);
      String when = Lines.after("#EXT-X-PROGRAM-DATE-TIME", line);
      if (seconds != null) {
        target = target(seconds);
      } else if (init != null) {
        String uri = AttributeList.parse(init).quoted("URI", URI);
        map = uri == null ? null : HlsFile.parse(uri);
      } else if (when != null) {
        next = date(when);
      } else if (line.equals("#EXT-X-GAP")) {
        gap = true;
      } else if (!line.startsWith("#")) {
        if (next != null && !gap) {
          segment = HlsFile.parse(line);
          date = next;
        }
        next = null;
        gap = false;
      }
    }
    if (target == null) {
      throw HlsException.unavailable("an answer that is no media playlist");
    }
    if (segment == null || date == null) {
      throw new HlsException(
          HlsException.Kind.NOT_YET, "a playlist without a segment that has a date");
    }
    return new MediaPlaylist(target, map, segment, date);
  }

  private static int target(String text) throws HlsException {
    int seconds = SECONDS.matcher(text).matches() ? Integer.parseInt(text) : -1;
    if (seconds < 0 || seconds > MAX_TARGET_SECONDS) {
      throw HlsException.unavailable(
          "a playlist with a target duration of %s".formatted(AttributeList.shown(text)));
    }
    // A first segment of less than half a second is rounded to none.
    return Math.max(1, seconds);
  }

  private static Instant date(String text) throws HlsException {
    try {
      return OffsetDateTime.parse(text, DATE).toInstant();
    } catch (DateTimeException e) {
      throw HlsException.unavailable(
          "a playlist with the date %s".formatted(AttributeList.shown(text)));
    }
  }
}
