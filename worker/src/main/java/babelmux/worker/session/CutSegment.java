package babelmux.worker.session;

import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.List;

/**
 * A segment and the source packets that it is made of.
 *
 * @param packets the frame before it where there is one, and the frames that cover it, in order;
 *     closed with this record
 * @param arrivedNanos when its first sample arrived, monotonic clock
 */
record CutSegment(Segment segment, List<TimedPacket> packets, long arrivedNanos)
    implements AutoCloseable {
  CutSegment {
    packets = List.copyOf(packets);
  }

  /** Returns whether each packet begins where the one before it ends, all in one format. */
  boolean isContiguous() {
    for (int i = 1; i < packets.size(); i++) {
      TimedPacket before = packets.get(i - 1);
      TimedPacket packet = packets.get(i);
      if (packet.startSample() != before.heardTo()
          || packet.format() != before.format()
          || packet.frontDrop() != 0) {
        return false;
      }
    }
    return !packets.isEmpty();
  }

  @Override
  public void close() {
    packets.forEach(TimedPacket::close);
  }
}
