package babelmux.worker.timeline;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Video packets in decode order. Makes every DTS fit: never above its PTS, never below the DTS
 * before it (equal is allowed). The PTS stays what it is.
 *
 * <p>A DTS may not be above any later PTS either, else a later packet could not have both. So a
 * packet that is added lowers the DTS of those in front of it. MediaMTX guesses the DTS for its
 * RTMP readers and rounds PTS and DTS to milliseconds one by one: PTS/DTS of 5.433/5.400
 * 5.400/5.401 is usual.
 *
 * <p>All times are microseconds. Not thread-safe. Items are the caller's to close.
 */
public final class DtsQueue<T> {
  /**
   * The number of later packets that can change a DTS: a codec reorders 16 frames, of two fields
   * each.
   */
  public static final int DEPTH = 32;

  /** The most that a DTS is lowered by. A PTS further below the DTS before it is broken. */
  static final long MAX_LOWERED_US = 1_000_000;

  private final Deque<Entry<T>> entries = new ArrayDeque<>();
  private final Deque<Entry<T>> recent = new ArrayDeque<>();
  private long takenUs = Long.MIN_VALUE;
  private long latestUs = Long.MIN_VALUE;
  private long settledUs = Long.MIN_VALUE;

  /**
   * An item with times that fit.
   *
   * @param ptsUs as it was added; raised to {@code dtsUs} only where a later DTS has already left
   * @param dtsUs at most {@code ptsUs}, at least that of the item taken before
   */
  public record Timed<T>(T item, long ptsUs, long dtsUs) {}

  private static final class Entry<T> {
    final T item;
    final long ptsUs;
    long dtsUs;

    Entry(T item, long ptsUs, long dtsUs) {
      this.item = item;
      this.ptsUs = ptsUs;
      this.dtsUs = dtsUs;
    }
  }

  /** Adds the next packet in decode order. */
  public void add(T item, long ptsUs, long dtsUs) {
    long risingUs = Math.max(dtsUs, latestUs);
    long fittedUs = Math.min(risingUs, Math.max(ptsUs, risingUs - MAX_LOWERED_US));
    lower(fittedUs);
    latestUs = fittedUs;
    Entry<T> entry = new Entry<>(item, ptsUs, fittedUs);
    entries.addLast(entry);
    recent.addLast(entry);
    if (recent.size() > DEPTH) {
      settledUs = recent.removeFirst().dtsUs;
    }
  }

  private void lower(long dtsUs) {
    for (Iterator<Entry<T>> last = recent.descendingIterator(); last.hasNext(); ) {
      Entry<T> entry = last.next();
      if (entry.dtsUs <= dtsUs) {
        return;
      }
      entry.dtsUs = dtsUs;
    }
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The first item without taking it, or null. */
  public @Nullable T peek() {
    Entry<T> first = entries.peekFirst();
    return first == null ? null : first.item;
  }

  /** The DTS that the first item would be taken with, or {@link Long#MAX_VALUE}. */
  public long nextDtsUs() {
    Entry<T> first = entries.peekFirst();
    return first == null ? Long.MAX_VALUE : Math.max(first.dtsUs, takenUs);
  }

  /** Up to this DTS no packet that is added later changes anything. */
  public long settledUs() {
    return settledUs;
  }

  /** Takes the first item, or gives null. */
  public @Nullable Timed<T> poll() {
    Entry<T> first = entries.pollFirst();
    if (first == null) {
      return null;
    }
    takenUs = Math.max(first.dtsUs, takenUs);
    return new Timed<>(first.item, Math.max(first.ptsUs, takenUs), takenUs);
  }
}
