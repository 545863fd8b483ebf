package babelmux.media;

import org.jspecify.annotations.Nullable;

/**
 * Fits one track's timestamps to what a muxer takes: DTS never above PTS and never below the DTS
 * before. All values are ticks of the track's time base. One thread.
 */
final class MuxTimes {
  /**
   * Timestamps of one packet.
   *
   * @param pts ticks
   * @param dts ticks, at most {@code pts}
   */
  record Times(long pts, long dts) {}

  private final boolean strict;
  private final long maxShift;
  private boolean begun;
  private long last;

  /**
   * @param strict whether each DTS must be above the one before; else it may be equal
   * @param maxShift ticks by which a PTS may be raised so that the DTS fits
   */
  MuxTimes(boolean strict, long maxShift) {
    this.strict = strict;
    this.maxShift = maxShift;
  }

  /**
   * The timestamps to write, or null when the packet comes too late: its PTS would have to be
   * raised by more than the limit. A null leaves the track as it was.
   */
  @Nullable Times fit(long pts, long dts) {
    long lowest = !begun ? Long.MIN_VALUE : strict ? last + 1 : last;
    long fittedDts = Math.max(Math.min(dts, pts), lowest);
    if (fittedDts - pts > maxShift) {
      return null;
    }
    begun = true;
    last = fittedDts;
    return new Times(Math.max(pts, fittedDts), fittedDts);
  }
}
