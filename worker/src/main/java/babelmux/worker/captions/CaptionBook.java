package babelmux.worker.captions;

import babelmux.worker.session.DubListener;
import babelmux.worker.session.SlotWords;
import babelmux.worker.sound.SpeechSpan;
import babelmux.worker.sts.FallbackReason;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the cues of a stream's last 15 minutes, and of what waits to leave: the transcript of each
 * slot, and the translation of those slots whose dub is heard. Thread-safe; holds at most 1000
 * slots with 500 characters each.
 *
 * <p>Where in a slot its transcript is spoken is measured when somebody asks, because it takes a
 * decoding. Of slots that left long before anybody asked it is not known any more: their
 * transcripts are shown for the whole slot.
 */
public final class CaptionBook implements DubListener {
  /** How far back cues are kept, microseconds. */
  static final long KEPT_US = 15 * 60_000_000L;

  private static final int MAX_SLOTS = 1000;
  private static final int MAX_TEXT = 500;

  /**
   * Slots behind the one that leaves of which can still be measured when their words are spoken.
   */
  private static final long MEASURABLE_SLOTS = 4;

  /** Words are told a moment after it is decided what fills their slot, or never. */
  private static final long WORDS_NANOS = 1_000_000_000L;

  private final long outputStartUs;
  private final LongSupplier nanoTime;
  private final NavigableMap<Long, Slot> slots = new TreeMap<>();

  /** Which words of a slot. */
  public enum Words {
    /** Of the original. */
    TRANSCRIPT,
    /** Of the dub. */
    TRANSLATION
  }

  /**
   * A transcript of which it is not known yet when it is spoken. It does not hold the dub, which is
   * large.
   */
  private record Unmeasured(@Nullable String text, Supplier<List<SpeechSpan>> speech) {}

  /** What is known of a slot; output times. */
  private static final class Slot {
    final long startUs;
    final long endUs;
    boolean decided;
    boolean dub;
    boolean offAir;
    long decidedNanos;
    boolean told;
    @Nullable Unmeasured unmeasured;
    List<Cue> transcript = List.of();
    List<Cue> translation = List.of();

    Slot(long startUs, long endUs) {
      this.startUs = startUs;
      this.endUs = endUs;
    }

    List<Cue> cues(Words words) {
      return switch (words) {
        case TRANSCRIPT -> transcript;
        case TRANSLATION -> dub && !offAir ? translation : List.of();
      };
    }
  }

  /**
   * @param outputStartUs the output time of session time 0, microseconds
   */
  public CaptionBook(long outputStartUs) {
    this(outputStartUs, System::nanoTime);
  }

  CaptionBook(long outputStartUs, LongSupplier nanoTime) {
    this.outputStartUs = outputStartUs;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized void segment(long index, String fragmentId, long startUs, long endUs) {
    slots.put(index, new Slot(startUs + outputStartUs, endUs + outputStartUs));
    long oldestUs = startUs + outputStartUs - KEPT_US;
    while (slots.size() > MAX_SLOTS || slots.firstEntry().getValue().endUs <= oldestUs) {
      slots.pollFirstEntry();
    }
  }

  @Override
  public void dubbed(long index) {
    decide(index, true);
  }

  @Override
  public void fellBack(long index, FallbackReason reason, String detail) {
    decide(index, false);
  }

  private synchronized void decide(long index, boolean dub) {
    Slot slot = slots.get(index);
    if (slot != null) {
      slot.decided = true;
      slot.dub = dub;
      slot.decidedNanos = nanoTime.getAsLong();
    }
    slots.headMap(index - MEASURABLE_SLOTS, true).values().forEach(CaptionBook::settle);
  }

  @Override
  public void vetoed(long index) {
    offAir(index);
  }

  @Override
  public void bypassedIn(long index) {
    offAir(index);
  }

  private synchronized void offAir(long index) {
    Slot slot = slots.get(index);
    if (slot != null) {
      slot.offAir = true;
    }
  }

  @Override
  public void words(long index, SlotWords words) {
    Slot slot;
    synchronized (this) {
      slot = slots.get(index);
    }
    if (slot == null) {
      return;
    }
    // Measured without the lock: it takes a millisecond.
    List<Cue> translation = cues(slot, words.translation(), words.dubSpeech());
    synchronized (this) {
      slot.unmeasured = new Unmeasured(words.transcript(), words.originalSpeech());
      slot.translation = translation;
      slot.told = true;
    }
  }

  /** Gives up what it takes to measure where in the slot its transcript is spoken. */
  private static void settle(Slot slot) {
    Unmeasured words = slot.unmeasured;
    if (words != null) {
      slot.unmeasured = null;
      slot.transcript = cues(slot, words.text(), List::of);
    }
  }

  private void measure(Slot slot) {
    Unmeasured words;
    synchronized (this) {
      words = slot.unmeasured;
    }
    if (words == null) {
      return;
    }
    // Without the lock: it takes milliseconds.
    List<Cue> transcript = cues(slot, words.text(), words.speech());
    synchronized (this) {
      if (words.equals(slot.unmeasured)) {
        slot.unmeasured = null;
        slot.transcript = transcript;
      }
    }
  }

  private synchronized List<Slot> within(long fromUs, long toUs) {
    return slots.values().stream()
        .filter(slot -> slot.startUs < toUs && slot.endUs > fromUs)
        .toList();
  }

  private static List<Cue> cues(
      Slot slot, @Nullable String text, Supplier<List<SpeechSpan>> speech) {
    List<List<String>> pieces = text == null ? List.of() : CueText.split(shortened(text));
    return pieces.isEmpty()
        ? List.of()
        : CueTimes.of(pieces, speech.get(), slot.startUs, slot.endUs);
  }

  private static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= MAX_TEXT
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MAX_TEXT));
  }

  /**
   * The cues that are shown in a part of the output, in order of their starts. Takes milliseconds
   * for each slot of whose transcript nobody has asked before.
   *
   * @param fromUs output time
   * @param toUs output time, behind the last one
   */
  public List<Cue> cues(Words words, long fromUs, long toUs) {
    List<Slot> asked = within(fromUs, toUs);
    if (words == Words.TRANSCRIPT) {
      asked.forEach(this::measure);
    }
    synchronized (this) {
      return asked.stream()
          .flatMap(slot -> slot.cues(words).stream())
          .filter(cue -> cue.startUs() < toUs && cue.endUs() > fromUs)
          .toList();
    }
  }

  /**
   * The output time up to which it is known what is said, unless an operator intervenes: of later
   * slots an answer may still come.
   */
  public synchronized long knownUntilUs() {
    long untilUs = outputStartUs;
    for (Slot slot : slots.values()) {
      boolean known =
          slot.told || (slot.decided && nanoTime.getAsLong() - slot.decidedNanos > WORDS_NANOS);
      if (!known) {
        return slot.startUs;
      }
      untilUs = slot.endUs;
    }
    return untilUs;
  }
}
