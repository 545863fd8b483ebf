package babelmux.worker.recording;

import babelmux.worker.captions.Cue;
import babelmux.worker.captions.CueText;
import babelmux.worker.captions.CueTimes;
import babelmux.worker.session.DubListener;
import babelmux.worker.session.SlotWords;
import babelmux.worker.sound.SpeechSpan;
import babelmux.worker.sts.FallbackReason;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is told of a stream's slots until they are on air, and gives it to the recording
 * then. Thread-safe; holds at most 1000 slots.
 */
final class SlotBook implements DubListener {
  private static final int MAX_SLOTS = 1000;

  /** A slot that has left may still be named again by a file that begins. */
  private static final long KEPT_US = 10_000_000;

  private final long outputStartUs;
  private final NavigableMap<Long, Slot> slots = new TreeMap<>();
  private final CueLine source = new CueLine();
  private final CueLine target = new CueLine();

  /** What is known of a slot; output times. */
  private static final class Slot {
    final long number;
    final String fragmentId;
    final long startUs;
    final long endUs;
    @Nullable Boolean dub;
    @Nullable String reason;
    @Nullable String detail;
    @Nullable SlotWords words;
    boolean offAir;
    boolean told;

    Slot(long number, String fragmentId, long startUs, long endUs) {
      this.number = number;
      this.fragmentId = fragmentId;
      this.startUs = startUs;
      this.endUs = endUs;
    }

    boolean isDub() {
      return Boolean.TRUE.equals(dub);
    }

    boolean isAired() {
      return isDub() && !offAir;
    }

    SlotEntry entry() {
      return new SlotEntry(
          number,
          fragmentId,
          startUs,
          endUs,
          isDub(),
          reason,
          detail,
          words == null ? null : words.transcript(),
          words == null ? null : words.translation(),
          isAired());
    }
  }

  /**
   * @param outputStartUs the output time of session time 0, microseconds
   */
  SlotBook(long outputStartUs) {
    this.outputStartUs = outputStartUs;
  }

  @Override
  public synchronized void segment(long index, String fragmentId, long startUs, long endUs) {
    slots.put(index, new Slot(index, fragmentId, startUs + outputStartUs, endUs + outputStartUs));
    if (slots.size() > MAX_SLOTS) {
      slots.pollFirstEntry();
    }
  }

  @Override
  public synchronized void dubbed(long index) {
    Slot slot = slots.get(index);
    if (slot != null) {
      slot.dub = true;
    }
  }

  @Override
  public synchronized void fellBack(long index, FallbackReason reason, String detail) {
    Slot slot = slots.get(index);
    if (slot != null) {
      slot.dub = false;
      slot.reason = reason.tag();
      slot.detail = detail;
    }
  }

  @Override
  public void vetoed(long index) {
    offAir(index, "veto", "an operator kept the dub off air");
  }

  @Override
  public void bypassedIn(long index) {
    offAir(index, "bypass", "an operator took the dubs off air, for all of the slot or a part");
  }

  private synchronized void offAir(long index, String reason, String detail) {
    Slot slot = slots.get(index);
    if (slot == null || slot.offAir) {
      return;
    }
    slot.offAir = true;
    slot.told = false;
    if (slot.reason == null) {
      slot.reason = reason;
      slot.detail = detail;
    }
    target.drop(slot.startUs, slot.endUs);
  }

  @Override
  public void words(long index, SlotWords words) {
    Slot slot;
    boolean aired;
    synchronized (this) {
      slot = slots.get(index);
      if (slot == null) {
        return;
      }
      aired = slot.isAired();
      slot.words = words;
      slot.told = false;
    }
    // Measured without the lock: it takes milliseconds.
    source.add(cues(slot, words.transcript(), words.originalSpeech()));
    if (aired) {
      target.add(cues(slot, words.translation(), words.dubSpeech()));
    }
  }

  private static List<Cue> cues(
      Slot slot, @Nullable String text, Supplier<List<SpeechSpan>> speech) {
    List<List<String>> pieces = text == null ? List.of() : CueText.split(text);
    return pieces.isEmpty()
        ? List.of()
        : CueTimes.of(pieces, speech.get(), slot.startUs, slot.endUs);
  }

  /** What is on air by an output time and was not given yet, slots in their order. */
  synchronized List<SlotEntry> slotsBy(long outputUs) {
    List<SlotEntry> begun = new ArrayList<>();
    for (Slot slot : slots.values()) {
      if (slot.startUs <= outputUs && slot.dub != null && !slot.told) {
        slot.told = true;
        begun.add(slot.entry());
      }
    }
    slots.values().removeIf(slot -> slot.told && slot.endUs < outputUs - KEPT_US);
    return begun;
  }

  /** The original's words. */
  CueLine source() {
    return source;
  }

  /** The dubs' words, where a dub is heard. */
  CueLine target() {
    return target;
  }

  /** A file begins: what reaches into it is to be given again. */
  synchronized void restart(long outputUs) {
    slots.values().removeIf(slot -> slot.endUs <= outputUs);
    slots.values().forEach(slot -> slot.told = false);
    source.restart(outputUs);
    target.restart(outputUs);
  }
}
