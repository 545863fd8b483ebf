package babelmux.meter;

import java.util.List;

/**
 * Marks and arrivals seen of a stream while it went on.
 *
 * @param recording its marks, as of a file
 * @param flashArrivalNanos when the packet that showed each flash came, monotonic clock, in the
 *     order of the recording's flashes; {@link #NOT_KNOWN} where the reader was behind
 */
public record LiveCapture(Recording recording, List<Long> flashArrivalNanos) {
  public static final long NOT_KNOWN = Long.MIN_VALUE;
}
