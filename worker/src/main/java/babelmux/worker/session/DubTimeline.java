package babelmux.worker.session;

import babelmux.worker.sound.Dub;
import babelmux.worker.sound.Joint;
import babelmux.worker.sound.Loudness;
import babelmux.worker.sound.LoudnessMatch;
import babelmux.worker.sound.Overlay;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
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
  /** Slots that are still told of when they have left. */
  static final int LEFT_SLOTS = 20;

  private final int fadeSamples;
  private final Overlay overlay;
  private final @Nullable LoudnessMatch match;
  private final DubListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Runnable decided;
  private final Deque<Slot> slots = new ArrayDeque<>();
  private final Deque<Slot> onAir = new ArrayDeque<>();
  private final Deque<Slot> left = new ArrayDeque<>();
  private long lastNumber = -1;
  private long mixedTo = Long.MIN_VALUE;
  private long writtenTo = Long.MIN_VALUE;
  // Of the last slot that began.
  private @Nullable Boolean slotIsDub;
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
   * @param fragmentId the segment's name
   * @param arrivedNanos when its first sample arrived
   * @return false when its place has already been on air: it has fallen back
   */
  boolean open(Segment segment, String fragmentId, long arrivedNanos) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      lastNumber = segment.index();
      Slot slot = new Slot(segment, fragmentId, arrivedNanos);
      if (isBegun(slot)) {
        slot.state = SlotState.ORIGINAL;
        slot.reason = FallbackReason.TIMEOUT;
        leave(slot);
        listener.fellBack(segment.index(), FallbackReason.TIMEOUT, "cut after its time to leave");
        return false;
      }
      slots.addLast(slot);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The end of the slot before was mixed for what it was known to be by then. */
  private boolean isBegun(Slot slot) {
    return slot.start() - fadeSamples < mixedTo;
  }

  private void leave(Slot slot) {
    slot.close();
    left.addLast(slot);
    if (left.size() > LEFT_SLOTS) {
      left.removeFirst();
    }
  }

  /**
   * Keeps the dub of a slot off air, whether it is there already or not. What is decided about the
   * segment stays decided, or will be.
   */
  Veto veto(long number) {
    lock.lock();
    try {
      Slot slot = find(number);
      if (slot == null) {
        boolean vetoed = left.stream().anyMatch(old -> old.number() == number && old.vetoed);
        boolean over = number >= 0 && number <= lastNumber;
        return vetoed ? Veto.DONE : over ? Veto.AIRED : Veto.UNKNOWN;
      }
      if (slot.vetoed) {
        return Veto.DONE;
      }
      if (isBegun(slot)) {
        return slot.start() < writtenTo ? Veto.AIRED : Veto.BEGUN;
      }
      slot.vetoed = true;
      slot.close();
      listener.vetoed(number);
      return Veto.DONE;
    } finally {
      lock.unlock();
    }
  }

  /** What the STS says that a segment says; shown, and nothing else. */
  void said(long index, @Nullable String transcript, @Nullable String translation) {
    lock.lock();
    try {
      Slot slot = find(index);
      if (slot != null) {
        slot.transcript = transcript;
        slot.translation = translation;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The slots that have not left and the last ones that have, in their order.
   *
   * @param startUs the output time of session time 0, microseconds
   */
  List<SlotStatus> slots(SampleRate rate, long startUs) {
    lock.lock();
    try {
      return Stream.concat(left.stream(), slots.stream())
          .sorted(Comparator.comparingLong(Slot::number))
          .map(
              slot ->
                  new SlotStatus(
                      slot.number(),
                      slot.fragmentId,
                      startUs + rate.microsAt(slot.start()),
                      startUs + rate.microsAt(slot.end()),
                      slot.state,
                      slot.reason,
                      slot.vetoed,
                      slot.start() < writtenTo,
                      slot.transcript,
                      slot.translation))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The dub of a segment is here.
   *
   * @param dub exactly as long as the segment
   * @return whether it is the timeline's from now on, and will be heard unless somebody vetoes it;
   *     false when its slot was decided before
   */
  boolean fill(long index, Dub dub) {
    lock.lock();
    try {
      Slot slot = find(index);
      if (slot == null || slot.state != SlotState.WAITING) {
        return false;
      }
      slot.dub = dub;
      slot.state = SlotState.DUB;
      if (slot.vetoed) {
        slot.close();
      }
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
      if (slot != null && slot.state == SlotState.WAITING) {
        refuse(slot, reason, detail);
      }
    } finally {
      lock.unlock();
    }
  }

  private void refuse(Slot slot, FallbackReason reason, String detail) {
    slot.state = SlotState.ORIGINAL;
    slot.reason = reason;
    decided.run();
    listener.fellBack(slot.segment.index(), reason, detail);
  }

  private @Nullable Slot find(long index) {
    for (Slot slot : slots) {
      if (slot.number() == index) {
        return slot;
      }
    }
    return null;
  }

  /** Slots that the STS may still fill. */
  int openSlots() {
    lock.lock();
    try {
      return (int) slots.stream().filter(slot -> slot.state == SlotState.WAITING).count();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether no dub is heard before a sample, as far as is known and from here on. */
  boolean isOriginalUntil(long sample) {
    lock.lock();
    try {
      for (Slot slot : slots) {
        boolean dub = slot.state == SlotState.WAITING || slot.dub != null;
        if (dub && !slot.vetoed && slot.end() > mixedTo && slot.start() < sample) {
          return false;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The first sample that is not decided yet, or {@link Long#MAX_VALUE}. */
  long undecidedFrom() {
    lock.lock();
    try {
      for (Slot slot : slots) {
        if (slot.state == SlotState.WAITING) {
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
   * @param share how much of the dubs is heard in it
   */
  void mix(float[][] original, float[] mixed, long startSample, int frames, DubShare share) {
    lock.lock();
    try {
      long endSample = startSample + frames;
      mixedTo = endSample;
      while (!slots.isEmpty() && slots.getFirst().end() <= startSample - fadeSamples) {
        leave(slots.removeFirst());
      }
      Slot previous = null;
      for (Slot slot : slots) {
        // The fade at a slot's end depends on what follows it.
        if (slot.start() >= endSample + fadeSamples) {
          break;
        }
        if (slot.state == SlotState.WAITING) {
          refuse(slot, FallbackReason.TIMEOUT, "no answer when its slot was due");
        }
        if (slot.start() < endSample) {
          onAir(slot, share.bypassed());
          tellBypassed(slot, share.bypassed() && slot.end() > startSample);
        }
        previous = slot;
      }
      tellOnAir(share.bypassed());
      if (previous == null) {
        return;
      }
      Slot before = null;
      Slot current = null;
      for (Slot after : slots) {
        if (current != null) {
          lay(original, mixed, share, startSample, endSample, before, current, after);
        }
        before = current;
        current = after;
      }
      if (current != null) {
        lay(original, mixed, share, startSample, endSample, before, current, null);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Audio was written up to a sample: tells which segments have begun to leave with it. */
  void written(long endSample, long nowNanos) {
    lock.lock();
    try {
      writtenTo = Math.max(writtenTo, endSample);
      while (!onAir.isEmpty() && onAir.getFirst().start() < endSample) {
        Slot slot = onAir.removeFirst();
        listener.segmentReleased(slot.segment.index(), nowNanos - slot.arrivedNanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private void onAir(Slot slot, boolean bypassed) {
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
    slotIsDub = slot.dub != null;
    tellOnAir(bypassed);
  }

  private void tellBypassed(Slot slot, boolean bypassed) {
    if (bypassed && slot.dub != null && !slot.bypassed) {
      slot.bypassed = true;
      listener.bypassedIn(slot.number());
    }
  }

  private void tellOnAir(boolean bypassed) {
    if (slotIsDub == null) {
      return;
    }
    boolean dub = slotIsDub && !bypassed;
    if (dubOnAir == null || dubOnAir != dub) {
      dubOnAir = dub;
      listener.onAir(dub);
    }
  }

  private void lay(
      float[][] original,
      float[] mixed,
      DubShare share,
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
          share.shares(),
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
      left.clear();
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
