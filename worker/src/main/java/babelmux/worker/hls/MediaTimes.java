package babelmux.worker.hls;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How the output's time, MediaMTX's media timeline and its clock belong together, for one muxer.
 * Pure.
 *
 * @param offsetUs media time = output time + this, microseconds
 * @param anchorUs output time of a moment
 * @param anchor the date that the playlists give that moment
 * @param targetSeconds of the media playlist
 */
public record MediaTimes(long offsetUs, long anchorUs, Instant anchor, int targetSeconds) {
  /** MediaMTX's muxer adds this to the times of what it writes as MP4 (gohlslib, fmp4StartDTS). */
  static final long FMP4_OFFSET_US = 10_000_000;

  /** It writes times to MPEG-TS as they are. */
  static final long TS_OFFSET_US = 0;

  /** MPEG-TS counts 2^33 ticks of 90 kHz, microseconds. */
  private static final long TS_TURN_US = (1L << 33) * 100 / 9;

  private static final long TS_TURN = 1L << 33;

  /**
   * MediaMTX lets a date lag up to 5 s behind the arrival of what it is the date of; on top come
   * what a clock read in whole seconds and a network may err by.
   */
  static final Duration TOLERANCE = Duration.ofSeconds(8);

  /** Dates that differ less are the same: players compare those of one segment. */
  private static final Duration SAME = Duration.ofMillis(100);

  /**
   * A segment as it was read.
   *
   * @param fmp4 whether it is MP4, not MPEG-TS
   * @param mediaUs time of its beginning on the media timeline
   * @param date of its beginning, server's clock
   * @param targetSeconds of its playlist
   */
  record Segment(boolean fmp4, long mediaUs, Instant date, int targetSeconds) {}

  /**
   * The worker's own clocks at the moment in which a segment was read.
   *
   * @param now the server's clock, as far as that is known
   * @param outputUs output time that is due at that moment; empty when that is not known
   */
  record Clocks(Instant now, OptionalLong outputUs) {}

  /**
   * Finds the offset. The worker publishes over RTMP, and MediaMTX keeps those times exactly, so
   * that the muxer's own constant is the offset, whatever the clocks of the two machines say. Only
   * where the segment's date contradicts it by far, the date decides: that server does not keep
   * times.
   */
  static MediaTimes of(Segment segment, Clocks clocks) {
    long known = segment.fmp4() ? FMP4_OFFSET_US : TS_OFFSET_US;
    Long dated = datedOffsetUs(segment, clocks);
    long errorUs = dated == null ? 0 : dated - known;
    long turnUs = segment.fmp4() ? 0 : Math.round((double) errorUs / TS_TURN_US) * TS_TURN_US;
    boolean isKnown = Math.abs(errorUs - turnUs) <= TOLERANCE.toMillis() * 1000;
    long offsetUs = isKnown || dated == null ? known + turnUs : dated;
    return new MediaTimes(
        offsetUs, segment.mediaUs() - offsetUs, segment.date(), segment.targetSeconds());
  }

  /** The offset by the segment's date; null when the output has no time yet. */
  static @Nullable Long datedOffsetUs(Segment segment, Clocks clocks) {
    if (clocks.outputUs().isEmpty()) {
      return null;
    }
    long agoUs = ChronoUnit.MICROS.between(segment.date(), clocks.now());
    return segment.mediaUs() - (clocks.outputUs().getAsLong() - agoUs);
  }

  /** Whether the offset is that of a server that keeps times. */
  boolean isExact() {
    return Math.floorMod(offsetUs, TS_TURN_US) == 0 || offsetUs == FMP4_OFFSET_US;
  }

  /** The date of a moment of the output. */
  public Instant dateOf(long outputUs) {
    return anchor.plus(outputUs - anchorUs, ChronoUnit.MICROS);
  }

  /** Output time 0 on the media timeline, ticks of 90 kHz below 2^33, for X-TIMESTAMP-MAP. */
  public long mpegTs() {
    return Math.floorMod(Math.floorDiv(offsetUs * 9, 100L), TS_TURN);
  }

  /**
   * These times after others of the same stream: without small steps, and with the target duration
   * that it had, by which its segments are numbered.
   */
  MediaTimes after(@Nullable MediaTimes before) {
    if (before == null) {
      return this;
    }
    boolean same =
        before.offsetUs() == offsetUs
            && Duration.between(before.dateOf(anchorUs), anchor).abs().compareTo(SAME) < 0;
    return same ? before : new MediaTimes(offsetUs, anchorUs, anchor, before.targetSeconds());
  }
}
