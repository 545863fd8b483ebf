package babelmux.worker.hls;

import babelmux.worker.captions.Cue;
import babelmux.worker.captions.WebVtt;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Cuts the subtitles of a stream into segments as long as the media playlist's target duration,
 * which RFC 8216 wants of a live stream's renditions, and writes their playlist. Segments lie on a
 * grid of output time. Their numbers count on from the second in which the stream was accepted, so
 * that those of its next session are larger. Pure.
 */
public final class SubtitleSegments {
  /** Players that hold back the picture by the delay still find its words, microseconds. */
  static final long WINDOW_US = 60_000_000;

  /**
   * Segments are named so long before they are on air, microseconds: players ask once in a target
   * duration, and are then shown a cue in time.
   */
  static final long AHEAD_US = 4_000_000;

  private final MediaTimes times;
  private final long base;
  private final long firstIndex;

  /**
   * @param startedAt when the stream was accepted
   * @param outputStartUs the output time at which it begins
   */
  public SubtitleSegments(MediaTimes times, Instant startedAt, long outputStartUs) {
    this.times = times;
    this.base = Math.max(0, startedAt.getEpochSecond());
    this.firstIndex = Math.floorDiv(outputStartUs, lengthUs());
  }

  private long lengthUs() {
    return times.targetSeconds() * 1_000_000L;
  }

  /** The number behind the last segment that is named. */
  private long endIndex(long outputUs, long knownUntilUs) {
    // What is on air is named, known or not: its words come too late for those who watch.
    long untilUs = Math.max(outputUs, Math.min(knownUntilUs, outputUs + AHEAD_US));
    return Math.max(firstIndex + 1, Math.floorDiv(untilUs, lengthUs()));
  }

  private long beginIndex(long endIndex) {
    return Math.max(firstIndex, endIndex - Math.max(3, WINDOW_US / lengthUs()));
  }

  /**
   * The media playlist of a language.
   *
   * @param folder of the segments, relative to the playlist, no slash at the end
   * @param outputUs output time that is due now
   * @param knownUntilUs output time up to which the words are known
   */
  public String playlist(String folder, long outputUs, long knownUntilUs) {
    long end = endIndex(outputUs, knownUntilUs);
    long begin = beginIndex(end);
    StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:3\n");
    text.append("#EXT-X-TARGETDURATION:").append(times.targetSeconds()).append('\n');
    text.append("#EXT-X-MEDIA-SEQUENCE:").append(base + begin).append('\n');
    for (long index = begin; index < end; index++) {
      Instant date = times.dateOf(index * lengthUs()).truncatedTo(ChronoUnit.MILLIS);
      text.append("#EXT-X-PROGRAM-DATE-TIME:").append(date).append('\n');
      text.append("#EXTINF:").append(times.targetSeconds()).append(".000,\n");
      text.append(folder).append('/').append(base + index).append(".vtt\n");
    }
    return text.toString();
  }

  /** Whether a segment of this number was named, or may have been. */
  public boolean has(long number, long outputUs, long knownUntilUs) {
    long index = number - base;
    long end = endIndex(outputUs, knownUntilUs);
    // A player may take as long as the window to ask for what was named.
    return index >= Math.max(firstIndex, beginIndex(end) - WINDOW_US / lengthUs()) && index < end;
  }

  /** Where a segment begins, output time. */
  public long startUs(long number) {
    return (number - base) * lengthUs();
  }

  /** Behind its end, output time. */
  public long endUs(long number) {
    return startUs(number) + lengthUs();
  }

  /**
   * A segment's file. Its times are output times in every segment, so that a cue that reaches into
   * the next one is the same there.
   *
   * @param cues those that are shown in it
   */
  public String segment(List<Cue> cues) {
    StringBuilder text = new StringBuilder("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:");
    text.append(times.mpegTs()).append(",LOCAL:00:00:00.000\n\n");
    cues.forEach(cue -> text.append(WebVtt.of(cue, 0)));
    return text.toString();
  }
}
