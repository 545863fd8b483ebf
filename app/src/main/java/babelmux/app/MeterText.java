package babelmux.app;

import babelmux.meter.AvReport;
import babelmux.meter.Comparison;
import babelmux.meter.Level;
import babelmux.meter.PacketChanges;
import babelmux.meter.SlotSpeed;
import babelmux.meter.ToneCheck;
import babelmux.meter.Tones;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The meter's findings as text for a terminal. */
final class MeterText {
  private final List<String> lines = new ArrayList<>();

  private MeterText() {}

  static String of(Comparison comparison) {
    MeterText text = new MeterText();
    text.marks(comparison.marks());
    text.level("loudness in", comparison.sourceLevel());
    text.level("loudness out", comparison.recordingLevel());
    text.packets(comparison.video());
    int index = 0;
    for (SlotSpeed slot : comparison.slots()) {
      text.slot(index++, slot);
    }
    text.tone(comparison.tone());
    return String.join(System.lineSeparator(), text.lines);
  }

  private void line(String name, String format, Object... values) {
    lines.add("%-18s %s".formatted(name, String.format(Locale.ROOT, format, values)));
  }

  private void marks(AvReport marks) {
    AvReport.Size added = marks.addedAv();
    line(
        "added A/V error",
        "p50 %.2f ms, p95 %.2f ms, max %.2f ms over %d pairs; drift %.1f ms an hour",
        added.p50Us() / 1e3,
        added.p95Us() / 1e3,
        added.maxUs() / 1e3,
        added.count(),
        marks.driftMsPerHour());
    offsets("flashes", marks.flashOffsets(), marks.flashes());
    offsets("beeps", marks.beepOffsets(), marks.beeps());
    line(
        "length",
        "video %+.3f ms, audio %+.3f ms against the source",
        marks.videoLengthDifferenceUs() / 1e3,
        marks.audioLengthDifferenceUs() / 1e3);
    line(
        "holes",
        "%d in the audio, %d frames out of sequence",
        marks.audioGaps().size(),
        marks.frameFaults());
  }

  private void offsets(String name, AvReport.Offsets offsets, AvReport.Astray astray) {
    line(
        name,
        "%d, later than the source's by %.3f to %.3f ms; missing %s, too many %s",
        offsets.count(),
        offsets.minUs() / 1e3,
        offsets.maxUs() / 1e3,
        astray.missing(),
        astray.extra());
  }

  private void level(String name, @Nullable Level level) {
    if (level != null) {
      line(
          name,
          "%.1f LUFS, range %.1f LU, true peak %.1f dBTP",
          level.integratedLufs(),
          level.rangeLu(),
          level.truePeakDbtp());
    }
  }

  private void packets(PacketChanges video) {
    line(
        "video packets",
        "%d the same, %d changed, %d lost, %d extra; headers %s",
        video.same(),
        video.changed(),
        video.lost(),
        video.extra(),
        video.headersSame() ? "the same" : "changed");
  }

  private void slot(int index, SlotSpeed slot) {
    if (slot.beeps() == 0) {
      line("slot " + index, "no marks");
    } else {
      line(
          "slot " + index,
          "%d marks, tempo %.3f, pitch %.4f, the first %+.1f ms, the last %+.1f ms",
          slot.beeps(),
          slot.tempo(),
          slot.pitch(),
          slot.offsetsUs().get(0) / 1e3,
          slot.offsetsUs().get(slot.beeps() - 1) / 1e3);
    }
  }

  private void tone(@Nullable ToneCheck tone) {
    if (tone == null) {
      return;
    }
    line(
        "tone",
        "THD+N %.1f dB, %.2f samples missing, largest step %.3f of its own",
        tone.purity().thdPlusNoiseDb(),
        tone.purity().slipSamples(),
        tone.purity().largestStep());
    for (Tones.Joint joint : tone.joints()) {
      line(
          "joint, sample " + joint.sample(),
          "%.2f samples missing, residual %.1f dB, level %+.2f dB",
          joint.slipSamples(),
          joint.residualDb(),
          joint.levelStepDb());
    }
  }
}
