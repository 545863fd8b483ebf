package babelmux.worker.output;

import babelmux.media.TrackKind;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A destination's bounded queue. When it is full, whole groups of pictures go, with the sound of
 * their time: never single packets, after which a decoder would show rubbish. Not thread-safe.
 */
final class PacketQueue {
  private final long maxBytes;
  private final long maxSpanUs;
  private final boolean hasVideo;
  private final Deque<OutputPacket> packets = new ArrayDeque<>();
  private long bytes;
  private boolean awaitingKey;
  private long dropped;

  PacketQueue(boolean hasVideo, long maxBytes, long maxSpanUs) {
    this.hasVideo = hasVideo;
    this.maxBytes = maxBytes;
    this.maxSpanUs = maxSpanUs;
  }

  /** Takes a packet over, and makes room if it must. */
  void add(OutputPacket packet) {
    if (awaitingKey) {
      if (!startsGroup(packet)) {
        drop(packet);
        return;
      }
      awaitingKey = false;
    }
    packets.addLast(packet);
    bytes += packet.packet().size();
    if (isFull(packet)) {
      makeRoom();
    }
  }

  private boolean isFull(OutputPacket newest) {
    return bytes > maxBytes || newest.dtsUs() - packets.getFirst().dtsUs() > maxSpanUs;
  }

  private void makeRoom() {
    removeFirst();
    while (!packets.isEmpty() && !startsGroup(packets.getFirst())) {
      removeFirst();
    }
    awaitingKey = packets.isEmpty();
  }

  private void removeFirst() {
    OutputPacket first = packets.removeFirst();
    bytes -= first.packet().size();
    drop(first);
  }

  private void drop(OutputPacket packet) {
    packet.close();
    dropped++;
  }

  private boolean startsGroup(OutputPacket packet) {
    return hasVideo ? packet.packet().kind() == TrackKind.VIDEO && packet.packet().key() : true;
  }

  @Nullable OutputPacket poll() {
    OutputPacket first = packets.pollFirst();
    if (first != null) {
      bytes -= first.packet().size();
    }
    return first;
  }

  /** Drops everything; what comes next begins at a keyframe. */
  void restart() {
    while (!packets.isEmpty()) {
      removeFirst();
    }
    awaitingKey = hasVideo;
  }

  boolean isEmpty() {
    return packets.isEmpty();
  }

  /** Packets dropped so far. */
  long dropped() {
    return dropped;
  }
}
