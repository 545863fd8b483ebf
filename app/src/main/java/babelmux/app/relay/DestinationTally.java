package babelmux.app.relay;

import babelmux.worker.output.DestinationDrop;
import babelmux.worker.output.DestinationListener;
import babelmux.worker.output.DestinationStatus;
import babelmux.worker.output.OutputPacket;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts of what one destination of a relay got. Thread-safe. */
public final class DestinationTally implements DestinationListener {
  private final Map<DestinationDrop, Long> dropped = new EnumMap<>(DestinationDrop.class);
  private final SentTime time = new SentTime();
  private long packets;

  @Override
  public synchronized void sent(OutputPacket packet) {
    packets++;
    time.add(packet.dtsUs());
  }

  @Override
  public synchronized void dropped(DestinationDrop reason, long count) {
    dropped.merge(reason, count, Long::sum);
  }

  /**
   * The destination's part of the report.
   *
   * @param atEnd its state when the source had ended
   * @param last its status when all was over
   * @param wanted packets that it was to get
   */
  public synchronized RelayReport.Destination report(
      RelayTarget target, String atEnd, DestinationStatus last, long wanted) {
    Map<String, Long> reasons = new TreeMap<>();
    dropped.forEach((reason, count) -> reasons.put(reason.name().toLowerCase(Locale.ROOT), count));
    boolean complete =
        wanted > 0 && packets == wanted && reasons.isEmpty() && last.lastError() == null;
    return new RelayReport.Destination(
        target.name(),
        target.shownUrl(),
        complete,
        atEnd,
        packets,
        time.seconds(),
        last.bytes(),
        last.dropped(),
        reasons,
        last.reconnects(),
        last.lastError());
  }
}
