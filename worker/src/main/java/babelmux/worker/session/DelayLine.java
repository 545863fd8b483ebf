package babelmux.worker.session;

import babelmux.worker.timeline.DtsQueue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What was read and has not left yet. The reader puts, the release takes: the earlier of the two
 * tracks' oldest packets, so that a source which sends its sound late against its picture loses
 * nothing. Video packets leave with a DTS that fits their PTS ({@link DtsQueue}). Bounded in media
 * time and bytes: where a source sends faster than time passes, the reader waits, and TCP holds the
 * source back.
 */
final class DelayLine implements AutoCloseable {
  private final long maxSpanUs;
  private final long maxBytes;
  private final SessionListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition news = lock.newCondition();
  private final DtsQueue<Delayed> video = new DtsQueue<>();
  private final Deque<Delayed> sound = new ArrayDeque<>();
  private long bytes;
  private boolean lost;
  private boolean closed;

  /**
   * @param maxSpanUs media time that may wait
   * @param maxBytes payload bytes that may wait
   * @param listener is told of packets that are dropped
   */
  DelayLine(long maxSpanUs, long maxBytes, SessionListener listener) {
    this.listener = listener;
    this.maxSpanUs = maxSpanUs;
    this.maxBytes = maxBytes;
  }

  /**
   * Takes a packet over; waits while the line is full.
   *
   * @return false when the line was closed; the packet is closed then
   */
  boolean put(Delayed packet) throws InterruptedException {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      packet.close();
      throw e;
    }
    try {
      while (!closed && isFull(packet)) {
        room.await();
      }
      if (closed) {
        packet.close();
        return false;
      }
      boolean first = isEmpty();
      lost = false;
      if (packet.isSound()) {
        sound.addLast(packet);
      } else {
        video.add(packet, packet.ptsUs(), packet.dtsUs());
      }
      bytes += packet.packet().size();
      if (first) {
        news.signalAll();
      }
      return true;
    } catch (InterruptedException e) {
      packet.close();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull(Delayed next) {
    return !isEmpty() && (bytes > maxBytes || next.dtsUs() - oldestDtsUs() > maxSpanUs);
  }

  private boolean isEmpty() {
    return video.isEmpty() && sound.isEmpty();
  }

  private boolean soundIsNext() {
    Delayed first = sound.peekFirst();
    return first != null && first.dtsUs() <= video.nextDtsUs();
  }

  /** {@link Long#MAX_VALUE} when there is none. */
  private long oldestDtsUs() {
    Delayed first = sound.peekFirst();
    return Math.min(first == null ? Long.MAX_VALUE : first.dtsUs(), video.nextDtsUs());
  }

  private @Nullable Delayed oldest() {
    return soundIsNext() ? sound.peekFirst() : video.peek();
  }

  private @Nullable Delayed removeOldest() {
    if (soundIsNext()) {
      return sound.pollFirst();
    }
    DtsQueue.Timed<Delayed> next = video.poll();
    return next == null ? null : next.item().at(next.ptsUs(), next.dtsUs());
  }

  /** The source is gone; nothing comes until the next put. */
  void lost() {
    lock.lock();
    try {
      lost = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The oldest packet when its DTS is not after {@code untilUs}, the caller's to close; else null.
   */
  @Nullable Delayed poll(long untilUs) {
    lock.lock();
    try {
      Delayed oldest = oldestDtsUs() > untilUs ? null : removeOldest();
      if (oldest != null) {
        bytes -= oldest.packet().size();
        room.signalAll();
      }
      return oldest;
    } finally {
      lock.unlock();
    }
  }

  /** The oldest packet's DTS, or {@link Long#MAX_VALUE} when there is none. */
  long nextDtsUs() {
    lock.lock();
    try {
      return oldestDtsUs();
    } finally {
      lock.unlock();
    }
  }

  /** Up to this DTS no video packet that is put later changes the times of those before it. */
  long settledVideoUs() {
    lock.lock();
    try {
      return video.settledUs();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The stretch of the oldest packet, or {@code otherwise} when there is none.
   *
   * @param otherwise what an empty line gives
   */
  int nextStretch(int otherwise) {
    lock.lock();
    try {
      Delayed oldest = oldest();
      return oldest == null ? otherwise : oldest.stretch();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the source is gone and everything from it has been taken. */
  boolean isDry() {
    lock.lock();
    try {
      return lost && isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether the limit of bytes keeps the next packet waiting.
   *
   * @param before what was said last: once it has, it does so until an eighth is free
   */
  boolean isAtMaxBytes(boolean before) {
    lock.lock();
    try {
      return bytes > (before ? maxBytes / 8 * 7 : maxBytes);
    } finally {
      lock.unlock();
    }
  }

  /** Payload bytes that wait. */
  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the first packet of an empty line, a loss, a wake or the end, at the longest {@code
   * nanos}.
   */
  @SuppressWarnings(
      "WaitNotInLoop") // the release looks at the time and the line again after every wait
  void await(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!closed && nanos > 0) {
        news.await(nanos, TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends a wait that runs now. */
  void wake() {
    lock.lock();
    try {
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What has not left by now is dropped, and counted. */
  @Override
  public void close() {
    int dropped = 0;
    lock.lock();
    try {
      closed = true;
      for (Delayed left = removeOldest(); left != null; left = removeOldest()) {
        left.close();
        dropped++;
      }
      bytes = 0;
      room.signalAll();
      news.signalAll();
    } finally {
      lock.unlock();
    }
    if (dropped > 0) {
      listener.dropped(DropReason.STOPPED, dropped);
    }
  }
}
