package babelmux.worker.timeline;

import babelmux.media.TrackKind;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Places source times on the session's timeline. Within a stretch of contiguous source time they
 * differ by one constant, a whole number of milliseconds; where the source jumps or comes back, a
 * new stretch begins at the place that the wall clock gives. Session time 0 is the first packet's
 * decoding time. Not thread-safe.
 *
 * <p>Each track is compared with its own last packet: a source may send its sound seconds behind
 * its picture, and where it jumps, the tracks jump one after the other.
 */
public final class StretchMap {
  /**
   * A source time that parts from the wall clock by more than this after a leap is a new stretch.
   */
  static final long LEAP_US = 1_000_000;

  /**
   * Where packets go on coming while their times leap, what follows is placed right behind what was
   * before: when a packet comes tells less well where it belongs.
   */
  static final long SEAMLESS_US = 500_000;

  /** How far one track may stand from the other and still be of the same stretch. */
  static final long TRACKS_APART_US = 10_000_000;

  private static final long MILLI = 1000;

  private final long latestUs;

  /**
   * Where a packet belongs.
   *
   * @param offsetUs session time minus source time
   * @param newStretch whether a new stretch begins with this packet
   */
  public record Place(long offsetUs, boolean newStretch) {}

  /**
   * The last packet of a track, the offset that it was placed with, its distance from the one
   * before.
   */
  private record Last(long us, long elapsedUs, long offsetUs, long stepUs) {}

  private final Map<TrackKind, Last> tracks = new EnumMap<>(TrackKind.class);
  private boolean started;
  private boolean interrupted;
  private long offsetUs;
  private long lastUs;

  /**
   * @param latestUs how late what comes after an interruption may be and still take its old place:
   *     later than that, its time to leave has passed; 0: it never does
   */
  public StretchMap(long latestUs) {
    this.latestUs = latestUs;
  }

  /**
   * @param dtsUs the packet's decoding time, unwrapped
   * @param elapsedUs time on the wall clock since the session's first packet
   */
  public Place place(TrackKind kind, long dtsUs, long elapsedUs) {
    if (!started) {
      started = true;
      offsetUs = -dtsUs;
      return remember(kind, dtsUs, elapsedUs, offsetUs, true);
    }
    Last own = tracks.get(kind);
    if (interrupted) {
      interrupted = false;
      boolean goesOn = resumes(own, dtsUs + offsetUs, elapsedUs);
      tracks.clear();
      if (goesOn) {
        return remember(kind, dtsUs, elapsedUs, offsetUs, true);
      }
      own = null;
    }
    if (own != null && follows(own, dtsUs, elapsedUs)) {
      return remember(kind, dtsUs, elapsedUs, own.offsetUs(), false);
    }
    boolean otherIsAhead = !tracks.isEmpty() && (own == null || own.offsetUs() != offsetUs);
    if (otherIsAhead && Math.abs(dtsUs + offsetUs - lastUs) <= TRACKS_APART_US) {
      return remember(kind, dtsUs, elapsedUs, offsetUs, false);
    }
    long next = own == null ? Long.MIN_VALUE : own.us() + Math.max(MILLI, own.stepUs());
    boolean seamless = own != null && Math.abs(elapsedUs - next) <= SEAMLESS_US;
    long at = seamless ? next : Math.max(elapsedUs, lastUs + MILLI);
    offsetUs = Math.floorDiv(at - dtsUs + MILLI - 1, MILLI) * MILLI;
    return remember(kind, dtsUs, elapsedUs, offsetUs, true);
  }

  /**
   * The source was lost: whatever comes next begins a new stretch, at the place that its times have
   * when they go on from those before, for then only the connection was lost.
   */
  public void interrupt() {
    interrupted = true;
  }

  private boolean resumes(@Nullable Last own, long us, long elapsedUs) {
    boolean rises = own == null ? us >= lastUs - LEAP_US : us > own.us();
    return rises && us - elapsedUs <= LEAP_US && elapsedUs - us <= latestUs;
  }

  private static boolean follows(Last own, long dtsUs, long elapsedUs) {
    long step = dtsUs + own.offsetUs() - own.us();
    return Math.abs(step) <= LEAP_US
        || (step > 0 && Math.abs(step - (elapsedUs - own.elapsedUs())) <= LEAP_US);
  }

  private Place remember(
      TrackKind kind, long dtsUs, long elapsedUs, long offset, boolean newStretch) {
    long us = dtsUs + offset;
    Last own = tracks.get(kind);
    if (own == null || own.offsetUs() != offset || us > own.us()) {
      long stepUs = own == null || own.offsetUs() != offset ? 0 : us - own.us();
      tracks.put(kind, new Last(us, elapsedUs, offset, stepUs));
    }
    lastUs = Math.max(lastUs, us);
    return new Place(offset, newStretch);
  }
}
