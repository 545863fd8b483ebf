package babelmux.worker.timeline;

import babelmux.media.TrackKind;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Places source times on the session's timeline. Within a contiguous run of the source they differ
 * by one constant, a whole number of milliseconds; where the source jumps or comes back, a new run
 * begins at the place that the wall clock gives. Session time 0 is the first packet's decoding
 * time. Not thread-safe.
 *
 * <p>A leap is a step back, or a step forward that lands ahead of the wall clock and of the other
 * track. Any other step forward is a hole: after an uplink stall a source sends, in one burst, some
 * of its video and all its audio, and nothing of it may move.
 *
 * <p>Each track is compared with its own last packet: a source may send its audio seconds behind
 * its video, and where it jumps, the tracks jump one after the other. A source has one clock: a
 * packet that fits before and behind the leap of the other track belongs where it is nearer to its
 * own last packet.
 */
public final class TimestampRebaser {
  /** A source time that parts from the wall clock by more than this after a leap is a new run. */
  static final long LEAP_US = 1_000_000;

  /**
   * The longest pause in arrival at which a leap is no pause in the stream: what follows is placed
   * right behind what was before, because when a packet comes tells less well where it belongs.
   */
  static final long SEAMLESS_US = 500_000;

  /** The longest distance between the tracks within one run. */
  static final long TRACKS_APART_US = 10_000_000;

  private static final long MILLI = 1000;

  private final long latestUs;

  /**
   * The place of a packet.
   *
   * @param offsetUs session time minus source time
   * @param newRun whether a new run begins with this packet
   */
  public record Place(long offsetUs, boolean newRun) {}

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
  public TimestampRebaser(long latestUs) {
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
    if (own != null) {
      boolean onOwn = follows(kind, own, own.offsetUs(), dtsUs, elapsedUs);
      boolean onOther =
          own.offsetUs() != offsetUs && follows(kind, own, offsetUs, dtsUs, elapsedUs);
      if (onOwn || onOther) {
        boolean other = onOther && (!onOwn || step(own, offsetUs, dtsUs) < step(own, dtsUs));
        return remember(kind, dtsUs, elapsedUs, other ? offsetUs : own.offsetUs(), false);
      }
    }
    boolean otherIsAhead = !tracks.isEmpty() && (own == null || own.offsetUs() != offsetUs);
    if (otherIsAhead && isNearOther(dtsUs + offsetUs, elapsedUs)) {
      return remember(kind, dtsUs, elapsedUs, offsetUs, false);
    }
    long next = own == null ? Long.MIN_VALUE : own.us() + Math.max(MILLI, own.stepUs());
    boolean seamless = own != null && Math.abs(elapsedUs - next) <= SEAMLESS_US;
    long at = seamless ? next : Math.max(elapsedUs, lastUs + MILLI);
    offsetUs = Math.floorDiv(at - dtsUs + MILLI - 1, MILLI) * MILLI;
    return remember(kind, dtsUs, elapsedUs, offsetUs, true);
  }

  /**
   * The source was lost: whatever comes next begins a new run, at the place that its times have
   * when they go on from those before, for then only the connection was lost.
   */
  public void interrupt() {
    interrupted = true;
  }

  private boolean resumes(@Nullable Last own, long us, long elapsedUs) {
    boolean rises = own == null ? us >= lastUs - LEAP_US : us > own.us();
    return rises && us - elapsedUs <= LEAP_US && elapsedUs - us <= latestUs;
  }

  private boolean isNearOther(long us, long elapsedUs) {
    return us >= lastUs - TRACKS_APART_US
        && us <= Math.max(lastUs + TRACKS_APART_US, elapsedUs + LEAP_US);
  }

  private static long step(Last own, long dtsUs) {
    return step(own, own.offsetUs(), dtsUs);
  }

  /** The distance of a packet from the last one of its track, in either direction. */
  private static long step(Last own, long offset, long dtsUs) {
    return Math.abs(dtsUs + offset - own.us());
  }

  private boolean follows(TrackKind kind, Last own, long offset, long dtsUs, long elapsedUs) {
    long us = dtsUs + offset;
    long step = us - own.us();
    if (Math.abs(step) <= LEAP_US) {
      return true;
    }
    boolean inTime = us <= Math.max(elapsedUs, otherLastUs(kind, offset)) + LEAP_US;
    return step > 0 && (inTime || step <= elapsedUs - own.elapsedUs() + LEAP_US);
  }

  /** The time that the other track has reached with this offset. */
  private long otherLastUs(TrackKind kind, long offset) {
    long last = Long.MIN_VALUE;
    for (Map.Entry<TrackKind, Last> track : tracks.entrySet()) {
      if (track.getKey() != kind && track.getValue().offsetUs() == offset) {
        last = Math.max(last, track.getValue().us());
      }
    }
    return last;
  }

  private Place remember(TrackKind kind, long dtsUs, long elapsedUs, long offset, boolean newRun) {
    long us = dtsUs + offset;
    Last own = tracks.get(kind);
    if (own == null || own.offsetUs() != offset || us > own.us()) {
      long stepUs = own == null || own.offsetUs() != offset ? 0 : us - own.us();
      tracks.put(kind, new Last(us, elapsedUs, offset, stepUs));
    }
    lastUs = Math.max(lastUs, us);
    return new Place(offset, newRun);
  }
}
