package babelmux.meter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the meter can say about a recording of at most ten minutes and its source.
 *
 * @param marks A/V error, delays, lengths, holes
 * @param sourceLevel null when the source has no sound
 * @param recordingLevel null when the recording has none
 * @param video what became of the picture's packets
 * @param slots speed and pitch of each slot of 6 s, by the source's marks; empty without sound
 * @param tone null unless a tone was asked for
 */
public record Comparison(
    AvReport marks,
    @Nullable Level sourceLevel,
    @Nullable Level recordingLevel,
    PacketChanges video,
    List<SlotSpeed> slots,
    @Nullable ToneCheck tone) {

  /** Seconds of a slot. */
  public static final int SLOT_SECONDS = 6;

  /**
   * Reads both files, blocks for a few seconds a minute.
   *
   * @param toneHz a tone that the source consists of, for its joints every 6 s; 0 for none
   */
  public static Comparison of(Path source, Path recording, double toneHz) throws IOException {
    Recording there = Meter.read(source);
    Recording here = Meter.read(recording);
    AvReport marks = AvReport.of(there, here);
    PacketChanges video =
        PacketChanges.of(PacketLog.read(source), PacketLog.read(recording), PacketLog.Kind.VIDEO);
    Sound soundThere = there.audio() == null ? null : Sound.read(source);
    Sound soundHere = here.audio() == null ? null : Sound.read(recording);
    List<SlotSpeed> slots = new ArrayList<>();
    if (soundThere != null && soundHere != null) {
      long shiftUs =
          marks.flashOffsets().count() > 0
              ? marks.flashOffsets().medianUs()
              : soundHere.timeUs(0) - soundThere.timeUs(0);
      slots.addAll(slots(soundThere, soundHere, shiftUs));
    }
    return new Comparison(
        marks,
        soundThere == null ? null : Level.of(soundThere),
        soundHere == null ? null : Level.of(soundHere),
        video,
        List.copyOf(slots),
        soundHere == null || toneHz <= 0 ? null : ToneCheck.of(soundHere, toneHz));
  }

  private static List<SlotSpeed> slots(Sound source, Sound recording, long shiftUs) {
    List<SlotSpeed> slots = new ArrayList<>();
    long slot = (long) SLOT_SECONDS * source.rate();
    for (long from = 0; from < source.length(); from += slot) {
      long to = Math.min(source.length(), from + slot);
      int begin = recording.sampleAt(source.timeUs(from) + shiftUs);
      int end = recording.sampleAt(source.timeUs(to) + shiftUs);
      if (end > begin) {
        slots.add(SlotSpeed.of(source, (int) from, (int) to, recording, begin, end));
      }
    }
    return slots;
  }
}
