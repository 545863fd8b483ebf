package babelmux.meter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A recording beside its source: what came between them, mark by mark. Offsets are time in the
 * recording minus time in the source; an A/V error above 0 means that the sound is late.
 *
 * @param addedAv size of the A/V error added, over all pairs
 * @param driftMsPerHour how fast the added A/V error grows, by the least-squares line through it
 * @param pairs the seconds whose flash and beep were found in both, in the order of the source
 * @param flashOffsets of the flashes found in both
 * @param beepOffsets of the beeps found in both
 * @param flashes which flashes are not where they belong
 * @param beeps which beeps are not where they belong
 * @param offPitch seconds whose beep was found with a pitch more than 5 Hz away from the source's
 * @param videoLengthDifferenceUs length of the recording's picture minus the source's
 * @param audioLengthDifferenceUs length of the recording's sound, counted in samples, minus the
 *     source's
 * @param frameFaults pictures of the recording that do not follow the one before
 * @param unreadableFrames pictures of the recording without a readable number
 * @param audioGaps where the recording's sound has holes or overlaps
 */
public record AvReport(
    Size addedAv,
    double driftMsPerHour,
    List<Pair> pairs,
    Offsets flashOffsets,
    Offsets beepOffsets,
    Astray flashes,
    Astray beeps,
    List<Integer> offPitch,
    long videoLengthDifferenceUs,
    long audioLengthDifferenceUs,
    long frameFaults,
    long unreadableFrames,
    List<AudioGap> audioGaps) {

  private static final double OFF_PITCH_HZ = 5;

  /** Absolute values; all 0 when nothing was counted. Percentiles by nearest rank. */
  public record Size(int count, long p50Us, long p95Us, long maxUs) {
    static Size of(long[] values) {
      if (values.length == 0) {
        return new Size(0, 0, 0, 0);
      }
      long[] sorted = Arrays.stream(values).map(Math::abs).sorted().toArray();
      return new Size(sorted.length, rank(sorted, 50), rank(sorted, 95), sorted[sorted.length - 1]);
    }

    private static long rank(long[] sorted, int percent) {
      return sorted[(sorted.length * percent + 99) / 100 - 1];
    }
  }

  /** All 0 when nothing was counted. */
  public record Offsets(int count, long minUs, long medianUs, long maxUs) {
    static Offsets of(long[] values) {
      if (values.length == 0) {
        return new Offsets(0, 0, 0, 0);
      }
      long[] sorted = values.clone();
      Arrays.sort(sorted);
      return new Offsets(
          sorted.length, sorted[0], MarkMatch.median(values), sorted[sorted.length - 1]);
    }

    /** Distance by which the marks moved against each other: 0 when all came equally late. */
    public long spreadUs() {
      return maxUs - minUs;
    }
  }

  /** One second's marks. */
  public record Pair(int second, long flashOffsetUs, long beepOffsetUs, long addedUs) {}

  /**
   * Marks by their second.
   *
   * @param missing the source has it, it belongs within the recording, and it is not there
   * @param extra the recording has it once more than the source, or the source never; -1 for a
   *     flash at a frame where none belongs
   * @param beyond the source has it, and it belongs before the recording's start or after its end
   */
  public record Astray(List<Integer> missing, List<Integer> extra, List<Integer> beyond) {}

  /**
   * Compares two files that {@link Meter#read} has looked at. The source must have each second once
   * at most.
   */
  public static AvReport of(Recording source, Recording recording) {
    MarkMatch flashes = MarkMatch.flashes(source, recording);
    MarkMatch beeps = MarkMatch.beeps(source, recording);
    List<Pair> pairs = new ArrayList<>();
    for (var beep : beeps.offsetsUs().entrySet()) {
      Long flash = flashes.offsetsUs().get(beep.getKey());
      if (flash != null) {
        pairs.add(new Pair(beep.getKey(), flash, beep.getValue(), beep.getValue() - flash));
      }
    }
    Recording.Video video = recording.video();
    Recording.Audio audio = recording.audio();
    return new AvReport(
        Size.of(pairs.stream().mapToLong(Pair::addedUs).toArray()),
        Slope.msPerHour(
            pairs.stream().mapToLong(pair -> pair.second * 1_000_000L).toArray(),
            pairs.stream().mapToLong(Pair::addedUs).toArray()),
        List.copyOf(pairs),
        Offsets.of(values(flashes)),
        Offsets.of(values(beeps)),
        flashes.astray(),
        beeps.astray(),
        offPitch(source, recording),
        videoUs(recording) - videoUs(source),
        audioUs(recording) - audioUs(source),
        video == null ? 0 : video.faultCount(),
        video == null ? 0 : video.unreadable(),
        audio == null ? List.of() : audio.gaps());
  }

  private static long[] values(MarkMatch match) {
    return match.offsetsUs().values().stream().mapToLong(Long::longValue).toArray();
  }

  private static List<Integer> offPitch(Recording source, Recording recording) {
    return recording.beeps().stream()
        .filter(beep -> source.beeps().stream().anyMatch(other -> differsInPitch(other, beep)))
        .map(Beep::second)
        .toList();
  }

  private static boolean differsInPitch(Beep source, Beep beep) {
    return source.second() == beep.second()
        && Math.abs(source.frequencyHz() - beep.frequencyHz()) > OFF_PITCH_HZ;
  }

  private static long videoUs(Recording recording) {
    Recording.Video video = recording.video();
    return video == null ? 0 : video.durationUs();
  }

  private static long audioUs(Recording recording) {
    Recording.Audio audio = recording.audio();
    return audio == null ? 0 : Math.round(audio.durationSamples() * 1e6 / audio.sampleRate());
  }
}
