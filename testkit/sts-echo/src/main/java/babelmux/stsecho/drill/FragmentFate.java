package babelmux.stsecho.drill;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that befalls one fragment.
 *
 * @param delayMs from its arrival to its answer, beyond the server's own
 * @param lateMs the same beyond the client's limit; negative when it is not to be late
 * @param copies how often the answer is sent; 0 for not at all
 * @param holdFor how many later answers go first
 * @param acknowledged whether fragment:ack is sent
 * @param refusal sent in place of everything else
 * @param beside what happens when it arrives, in order: events, backpressure, wire faults
 * @param applied all faults that made this fate, in order
 */
public record FragmentFate(
    long delayMs,
    long lateMs,
    int copies,
    int holdFor,
    boolean acknowledged,
    Fault.@Nullable ErrorEvent refusal,
    Fault.@Nullable Fail failure,
    Fault.@Nullable Audio audio,
    List<Fault.Patch> patches,
    Fault.@Nullable Disconnect disconnect,
    List<Fault> beside,
    List<Fault> applied) {

  /** Nothing befalls it. */
  public static final FragmentFate NONE =
      new FragmentFate(0, -1, 1, 0, true, null, null, null, List.of(), null, List.of(), List.of());

  /** The delay when the client waits that long. */
  public long delayMs(long clientLimitMs) {
    return lateMs < 0 ? delayMs : Math.max(delayMs, clientLimitMs + lateMs);
  }

  /** Tells whether the connection ends there. */
  public boolean disconnectsAt(Fault.Point point) {
    return disconnect != null && disconnect.at() == point;
  }
}
