package babelmux.worker.output;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue of a destination or recording. When it is full, whole GOPs go, with the audio
 * of their time: never single packets, after which a decoder would show rubbish. Not thread-safe.
 */
public final class PacketQueue {
  /**
   * After a loss all packets wait for a keyframe, so that video and audio go on together. A source
   * whose video has ended, or has no keyframes, gets its audio back after this media time.
   */
  static final long MAX_KEYFRAME_WAIT_US = 5_000_000;

  private static final long UNKNOWN = Long.MIN_VALUE;

  /** The tracks that cannot be sent before the next keyframe. */
  private enum Waiting {
    NOTHING,
    VIDEO,
    ALL
  }

  private final long maxBytes;
  private final long maxSpanUs;
  private final Deque<QueuedPacket> packets = new ArrayDeque<>();
  private long bytes;
  private Waiting waiting = Waiting.NOTHING;
  private long waitingSinceUs = UNKNOWN;
  private long dropped;

  public PacketQueue(long maxBytes, long maxSpanUs) {
    this.maxBytes = maxBytes;
    this.maxSpanUs = maxSpanUs;
  }

  /**
   * Takes ownership of a packet, and makes room if it must.
   *
   * @return how many packets that has dropped
   */
  public long add(QueuedPacket packet) {
    long before = dropped;
    if (isUsable(packet)) {
      packets.addLast(packet);
      bytes += packet.size();
      if (isFull(packet)) {
        makeRoom();
      }
    } else {
      drop(packet);
    }
    return dropped - before;
  }

  private boolean isUsable(QueuedPacket packet) {
    if (packet.startsGroup()) {
      waitFor(Waiting.NOTHING);
      return true;
    }
    return switch (waiting) {
      case NOTHING -> true;
      case VIDEO -> !packet.isVideo();
      case ALL -> !packet.isVideo() && hasWaitedLong(packet);
    };
  }

  private boolean hasWaitedLong(QueuedPacket audio) {
    if (waitingSinceUs == UNKNOWN) {
      waitingSinceUs = audio.dtsUs();
    }
    if (audio.dtsUs() - waitingSinceUs < MAX_KEYFRAME_WAIT_US) {
      return false;
    }
    waitFor(Waiting.VIDEO);
    return true;
  }

  private void waitFor(Waiting next) {
    waiting = next;
    waitingSinceUs = UNKNOWN;
  }

  private boolean isFull(QueuedPacket newest) {
    return bytes > maxBytes || newest.dtsUs() - packets.getFirst().dtsUs() > maxSpanUs;
  }

  private void makeRoom() {
    removeFirst();
    while (!packets.isEmpty() && !packets.getFirst().startsGroup()) {
      removeFirst();
    }
    if (packets.isEmpty()) {
      waitFor(Waiting.ALL);
    }
  }

  private void removeFirst() {
    QueuedPacket first = packets.removeFirst();
    bytes -= first.size();
    drop(first);
  }

  private void drop(QueuedPacket packet) {
    packet.packet().close();
    dropped++;
  }

  /** The next packet, which stays in the queue; null when it is empty. */
  public @Nullable QueuedPacket peek() {
    return packets.peekFirst();
  }

  /** Takes the next packet, the caller's to close; null when the queue is empty. */
  public @Nullable QueuedPacket poll() {
    QueuedPacket first = packets.pollFirst();
    if (first != null) {
      bytes -= first.size();
    }
    return first;
  }

  /**
   * Drops everything; what comes next begins at a keyframe.
   *
   * @return how many packets that were
   */
  public long restart() {
    waitFor(Waiting.ALL);
    return clear();
  }

  /** Prepares for a new connection: video begins at a keyframe, audio does not wait. */
  public void awaitKeyVideo() {
    if (waiting == Waiting.NOTHING) {
      waitFor(Waiting.VIDEO);
    }
  }

  /**
   * Drops everything.
   *
   * @return how many packets that were
   */
  public long clear() {
    long before = dropped;
    while (!packets.isEmpty()) {
      removeFirst();
    }
    return dropped - before;
  }

  public boolean isEmpty() {
    return packets.isEmpty();
  }

  /** Returns whether a packet that waits is of these formats. */
  public boolean uses(OutputFormats formats) {
    return packets.stream().anyMatch(packet -> packet.formats().equals(formats));
  }

  /** Media time from the first packet that waits to the last, microseconds. */
  long spanUs() {
    QueuedPacket first = packets.peekFirst();
    QueuedPacket last = packets.peekLast();
    return first == null || last == null ? 0 : Math.max(0, last.dtsUs() - first.dtsUs());
  }

  /** Payload bytes that wait. */
  long bytes() {
    return bytes;
  }

  /** Packets dropped so far. */
  public long dropped() {
    return dropped;
  }
}
