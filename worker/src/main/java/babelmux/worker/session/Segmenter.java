package babelmux.worker.session;

import babelmux.worker.timeline.SegmentCuts;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Cuts the audio that is read into segments, with the packets each is made of. One thread. */
final class Segmenter implements AutoCloseable {
  private final SegmentCuts cuts;
  private final Consumer<CutSegment> cut;
  private final Deque<TimedPacket> recent = new ArrayDeque<>();
  private long lastArrivedNanos;

  /**
   * @param cut takes each segment over
   */
  Segmenter(SegmentCuts cuts, Consumer<CutSegment> cut) {
    this.cuts = cuts;
    this.cut = cut;
  }

  /** Audio was read; the packet stays the caller's. */
  void add(TimedPacket packet) {
    recent.addLast(packet.share());
    lastArrivedNanos = packet.arrivedNanos();
    for (Segment segment : cuts.reach(packet.heardFrom(), packet.heardTo())) {
      emit(segment);
    }
  }

  /**
   * The first sample of the segment that is being filled, which no slot covers yet; {@link
   * Long#MAX_VALUE} between two runs.
   */
  long currentStart() {
    return cuts.currentStart();
  }

  /** The run has ended: its rest is a segment if it is long enough. */
  void endRun() {
    Optional<Segment> rest = cuts.close();
    rest.ifPresent(this::emit);
    close();
  }

  private void emit(Segment segment) {
    List<TimedPacket> parts = new ArrayList<>();
    TimedPacket preRoll = null;
    for (TimedPacket packet : recent) {
      if (packet.heardTo() <= segment.startSample()) {
        preRoll = packet;
      } else if (packet.startSample() < segment.endSample()) {
        parts.add(packet.share());
      }
    }
    long arrivedNanos = parts.isEmpty() ? lastArrivedNanos : parts.get(0).arrivedNanos();
    if (preRoll != null
        && !parts.isEmpty()
        && preRoll.heardTo() == parts.get(0).startSample()
        && preRoll.format() == parts.get(0).format()) {
      parts.add(0, preRoll.share());
    }
    forgetBefore(segment.endSample());
    cut.accept(new CutSegment(segment, parts, arrivedNanos));
  }

  /** Keeps the packet in which the next segment begins, and the one before it. */
  private void forgetBefore(long sample) {
    while (recent.size() > 1) {
      TimedPacket first = recent.removeFirst();
      TimedPacket second = recent.getFirst();
      if (second.heardTo() > sample) {
        recent.addFirst(first);
        return;
      }
      first.close();
    }
  }

  @Override
  public void close() {
    recent.forEach(TimedPacket::close);
    recent.clear();
  }
}
