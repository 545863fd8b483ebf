package babelmux.worker.session;

import babelmux.worker.timeline.DtsQueue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Packets that were read and have not left yet. The reader puts, the output thread takes: the
 * earlier of the two tracks' oldest packets, so that a source which sends its audio late against
 * its video loses nothing. Video packets leave with a DTS that fits their PTS ({@link DtsQueue}).
 * Bounded in media time and bytes: where a source sends faster than time passes, the reader has to
 * wait, and TCP holds the source back. Thread-safe; nothing here waits.
 */
final class DelayLine implements AutoCloseable {
  private final long maxSpanUs;
  private final long maxBytes;
  private final SessionListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Runnable news;
  private final Runnable room;
  private final DtsQueue<TimedPacket> video = new DtsQueue<>();
  private final Deque<TimedPacket> sound = new ArrayDeque<>();
  private long bytes;
  private long lastPutUs;
  private boolean lost;
  private boolean closed;

  /**
   * @param maxSpanUs media time that may wait
   * @param maxBytes payload bytes that may wait
   * @param listener is told of packets that are dropped
   * @param news run when a packet comes into an empty line, when the source is gone, and at the end
   * @param room run when a packet has left a full line, and at the end
   */
  DelayLine(long maxSpanUs, long maxBytes, SessionListener listener, Runnable news, Runnable room) {
    this.news = news;
    this.room = room;
    this.listener = listener;
    this.maxSpanUs = maxSpanUs;
    this.maxBytes = maxBytes;
  }

  /**
   * Takes ownership of a packet, and closes it where the line was closed. Does not wait.
   *
   * @return false when the line is full now: the next packet has to wait while {@link #isFull()}
   */
  boolean put(TimedPacket packet) {
    boolean first;
    boolean full;
    lock.lock();
    try {
      if (closed) {
        packet.close();
        return true;
      }
      first = isEmpty();
      lost = false;
      lastPutUs = packet.dtsUs();
      if (packet.isAudio()) {
        sound.addLast(packet);
      } else {
        video.add(packet, packet.ptsUs(), packet.dtsUs());
      }
      bytes += packet.packet().size();
      full = holdsTooMuch();
    } finally {
      lock.unlock();
    }
    if (first) {
      news.run();
    }
    return !full;
  }

  /** Returns whether the next packet has to wait; {@code room} is run when that changes. */
  boolean isFull() {
    lock.lock();
    try {
      return holdsTooMuch();
    } finally {
      lock.unlock();
    }
  }

  private boolean holdsTooMuch() {
    return !isEmpty() && (bytes > maxBytes || lastPutUs - oldestDtsUs() > maxSpanUs);
  }

  private boolean isEmpty() {
    return video.isEmpty() && sound.isEmpty();
  }

  private boolean soundIsNext() {
    TimedPacket first = sound.peekFirst();
    return first != null && first.dtsUs() <= video.nextDtsUs();
  }

  /** {@link Long#MAX_VALUE} when there is none. */
  private long oldestDtsUs() {
    TimedPacket first = sound.peekFirst();
    return Math.min(first == null ? Long.MAX_VALUE : first.dtsUs(), video.nextDtsUs());
  }

  private @Nullable TimedPacket oldest() {
    return soundIsNext() ? sound.peekFirst() : video.peek();
  }

  private @Nullable TimedPacket removeOldest() {
    if (soundIsNext()) {
      return sound.pollFirst();
    }
    DtsQueue.Timed<TimedPacket> next = video.poll();
    return next == null ? null : next.item().at(next.ptsUs(), next.dtsUs());
  }

  /** The source is gone; nothing comes until the next put. */
  void lost() {
    lock.lock();
    try {
      lost = true;
    } finally {
      lock.unlock();
    }
    news.run();
  }

  /**
   * The oldest packet when its DTS is not after {@code untilUs}, the caller's to close; else null.
   */
  @Nullable TimedPacket poll(long untilUs) {
    boolean wasFull;
    TimedPacket oldest;
    lock.lock();
    try {
      wasFull = holdsTooMuch();
      oldest = oldestDtsUs() > untilUs ? null : removeOldest();
      if (oldest != null) {
        bytes -= oldest.packet().size();
      }
    } finally {
      lock.unlock();
    }
    if (wasFull && oldest != null) {
      room.run();
    }
    return oldest;
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
   * The run of the oldest packet, or {@code otherwise} when there is none.
   *
   * @param otherwise what an empty line gives
   */
  int nextRun(int otherwise) {
    lock.lock();
    try {
      TimedPacket oldest = oldest();
      return oldest == null ? otherwise : oldest.run();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether the source is gone and everything from it has been taken. */
  boolean isDry() {
    lock.lock();
    try {
      return lost && isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns whether the limit of bytes keeps the next packet waiting.
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

  /** Drops and counts the packets that have not left by now. */
  @Override
  public void close() {
    int dropped = 0;
    lock.lock();
    try {
      closed = true;
      for (TimedPacket left = removeOldest(); left != null; left = removeOldest()) {
        left.close();
        dropped++;
      }
      bytes = 0;
    } finally {
      lock.unlock();
    }
    room.run();
    news.run();
    if (dropped > 0) {
      listener.dropped(DropReason.STOPPED, dropped);
    }
  }
}
