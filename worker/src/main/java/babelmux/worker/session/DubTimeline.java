package babelmux.worker.session;

import babelmux.worker.sound.Dub;
import babelmux.worker.sound.Joint;
import babelmux.worker.sound.Loudness;
import babelmux.worker.sound.LoudnessMatch;
import babelmux.worker.sound.Overlay;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a dub in their order, and what fills each: its dub when the STS answered in time,
 * the original otherwise. The reader opens slots, the pool fills them, the output thread mixes them
 * over the original.
 *
 * <p>Where original and dub meet, a complementary raised-cosine fade of 10 ms lies inside the dub's
 * slot, where the original exists on both sides. Where two dubs meet there is no fade when the seam
 * is continuous, else 5 ms each.
 *
 * <p>A dub that it has taken is the timeline's: its memory goes when its slot has left.
 */
final class DubTimeline implements AutoCloseable {
  private final int fadeSamples;
  private final Overlay overlay;
  private final @Nullable LoudnessMatch match;
  private final DubListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Runnable decided;
  private final Deque<Slot> slots = new ArrayDeque<>();
  private final Deque<Slot> onAir = new ArrayDeque<>();
  private long mixedTo = Long.MIN_VALUE;
  private @Nullable Boolean dubOnAir;
  private boolean closed;

  /**
   * @param decided run when a slot was decided, with this timeline's lock held: must not block
   */
  DubTimeline(int sampleRate, SoundOptions options, DubListener listener, Runnable decided) {
    this.decided = decided;
    this.fadeSamples = Overlay.fadeSamples(sampleRate);
    this.overlay = new Overlay(sampleRate, options.bed());
    this.match = options.loudness() == null ? null : new LoudnessMatch(options.loudness());
    this.listener = listener;
  }

  /**
   * A segment was cut.
   *
   * @param arrivedNanos when its first sample arrived
   * @return false when its place has already been on air: it has fallen back
   */
  boolean open(Segment segment, long arrivedNanos) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      // The end of the slot before was mixed for an original to follow.
      if (segment.startSample() - fadeSamples < mixedTo) {
        listener.fellBack(segment.index(), FallbackReason.TIMEOUT, "cut after its time to leave");
        return false;
      }
      slots.addLast(new Slot(segment, arrivedNanos));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The dub of a segment is here.
   *
   * @param dub exactly as long as the segment
   * @return whether it will be heard, and is the timeline's from now on; false when its slot was
   *     decided before
   */
  boolean fill(long index, Dub dub) {
    lock.lock();
    try {
      Slot slot = find(index);
      if (slot == null || slot.state != Slot.State.OPEN) {
        return false;
      }
      slot.dub = dub;
      slot.state = Slot.State.DUB;
      decided.run();
      listener.dubbed(index);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the loudness of the source in a segment, whatever fills its slot. */
  void measured(long index, Loudness original) {
    lock.lock();
    try {
      Slot slot = find(index);
      if (slot != null) {
        slot.original = original;
      }
    } finally {
      lock.unlock();
    }
  }

  /** There will be no dub for a segment. Only the first decision counts. */
  void refuse(long index, FallbackReason reason, String detail) {
    lock.lock();
    try {
      Slot slot = find(index);
      if (slot != null && slot.state == Slot.State.OPEN) {
        refuse(slot, reason, detail);
      }
    } finally {
      lock.unlock();
    }
  }

  private void refuse(Slot slot, FallbackReason reason, String detail) {
    slot.state = Slot.State.ORIGINAL;
    decided.run();
    listener.fellBack(slot.segment.index(), reason, detail);
  }

  private @Nullable Slot find(long index) {
    for (Slot slot : slots) {
      if (slot.segment.index() == index) {
        return slot;
      }
    }
    return null;
  }

  /** Slots that the STS may still fill. */
  int openSlots() {
    lock.lock();
    try {
      return (int) slots.stream().filter(slot -> slot.state == Slot.State.OPEN).count();
    } finally {
      lock.unlock();
    }
  }

  /** The first sample that is not decided yet, or {@link Long#MAX_VALUE}. */
  long undecidedFrom() {
    lock.lock();
    try {
      for (Slot slot : slots) {
        if (slot.state == Slot.State.OPEN) {
          return slot.start();
        }
      }
      return Long.MAX_VALUE;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Mixes the dubs into the original, in place. Whatever is still open in this range is decided
   * now: the original.
   *
   * @param original {@code original[c][n]}, the range's original audio
   * @param mixed {@code mixed[n]} stays 0 where the original stays as it is, becomes 1 where a dub
   *     has taken over, and what is between in the fades
   * @param startSample the range's first sample, on the session's count
   * @param frames the range's length
   */
  void mix(float[][] original, float[] mixed, long startSample, int frames) {
    lock.lock();
    try {
      long endSample = startSample + frames;
      mixedTo = endSample;
      while (!slots.isEmpty() && slots.getFirst().end() <= startSample - fadeSamples) {
        slots.removeFirst().close();
      }
      Slot previous = null;
      for (Slot slot : slots) {
        // The fade at a slot's end depends on what follows it.
        if (slot.start() >= endSample + fadeSamples) {
          break;
        }
        if (slot.state == Slot.State.OPEN) {
          refuse(slot, FallbackReason.TIMEOUT, "no answer when its slot was due");
        }
        if (slot.start() < endSample) {
          onAir(slot);
        }
        previous = slot;
      }
      if (previous == null) {
        return;
      }
      Slot before = null;
      Slot current = null;
      for (Slot after : slots) {
        if (current != null) {
          lay(original, mixed, startSample, endSample, before, current, after);
        }
        before = current;
        current = after;
      }
      if (current != null) {
        lay(original, mixed, startSample, endSample, before, current, null);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Audio was written up to a sample: tells which segments have begun to leave with it. */
  void written(long endSample, long nowNanos) {
    lock.lock();
    try {
      while (!onAir.isEmpty() && onAir.getFirst().start() < endSample) {
        Slot slot = onAir.removeFirst();
        listener.segmentReleased(slot.segment.index(), nowNanos - slot.arrivedNanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private void onAir(Slot slot) {
    if (slot.seenOnAir) {
      return;
    }
    slot.seenOnAir = true;
    if (match != null) {
      Dub heard = slot.dub;
      slot.gain = match.next(slot.original, heard == null ? null : heard.loudness());
      listener.dubGain(slot.gain.toDecibels());
    }
    onAir.addLast(slot);
    boolean dub = slot.state == Slot.State.DUB;
    if (dubOnAir == null || dubOnAir != dub) {
      dubOnAir = dub;
      listener.onAir(dub);
    }
  }

  private void lay(
      float[][] original,
      float[] mixed,
      long startSample,
      long endSample,
      @Nullable Slot before,
      Slot slot,
      @Nullable Slot after) {
    Dub dub = slot.dub;
    if (dub != null && slot.end() > startSample && slot.start() < endSample) {
      overlay.lay(
          new Overlay.Placed(
              dub, slot.start(), jointBetween(before, slot), jointBetween(slot, after), slot.gain),
          original,
          mixed,
          startSample,
          endSample);
    }
  }

  /** Nothing is mixed any more: the dubs' memory goes. Any thread. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      slots.forEach(Slot::close);
      slots.clear();
    } finally {
      lock.unlock();
    }
  }

  private static Joint jointBetween(@Nullable Slot left, @Nullable Slot right) {
    Dub a = left == null ? null : left.dub;
    Dub b = right == null ? null : right.dub;
    if (left == null || right == null || a == null || b == null || left.end() != right.start()) {
      return Joint.ORIGINAL;
    }
    // Told once for the two: both slots ask for it in every frame.
    Joint known = right.startJoint;
    if (known == null) {
      known = Joint.isContinuous(a, b) ? Joint.SEAMLESS : Joint.DIP;
      right.startJoint = known;
    }
    return known;
  }
}
