package babelmux.meter;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A long recording beside its source, where the marks come again every 30 s: how the error goes on
 * over time. Both must have been recorded from about the same moment on, to 15 s.
 *
 * @param addedAv size of the A/V error added, over all points
 * @param driftMsPerHour how fast the A/V error grows, by the least-squares line through it
 * @param delayDriftMsPerHour how fast the flashes' offset grows
 * @param flashOffsets recording's time of a flash minus the source's
 * @param slipSamples how many more samples of the recording than of the source lie between their
 *     first and their last beeps, to a sample or two; 0 where the rates differ
 * @param flashesMissing flashes of the source amid the recording that the recording lacks
 * @param beepsMissing the same of beeps
 * @param points one for each second whose flash and beep were found in both
 */
public record DriftReport(
    AvReport.Size addedAv,
    double driftMsPerHour,
    double delayDriftMsPerHour,
    AvReport.Offsets flashOffsets,
    long slipSamples,
    int flashesMissing,
    int beepsMissing,
    List<Point> points) {

  private static final int EDGE = 30;

  /**
   * One second's marks.
   *
   * @param atUs presentation time of the source's flash
   * @param addedUs above 0: the sound is late
   */
  public record Point(long atUs, long flashOffsetUs, long addedUs) {}

  private record Mark(long us, long sample) {}

  /** Compares what {@link Meter#read} or {@link Meter#follow} saw. */
  public static DriftReport of(Recording source, Recording recording) {
    TreeMap<Long, Mark> flashesThere = flashes(source);
    TreeMap<Long, Mark> flashesHere = flashes(recording);
    TreeMap<Long, Mark> beepsThere = beeps(source);
    TreeMap<Long, Mark> beepsHere = beeps(recording);
    List<Point> points = new ArrayList<>();
    List<Long> slips = new ArrayList<>();
    for (var entry : flashesThere.entrySet()) {
      Mark flash = flashesHere.get(entry.getKey());
      Mark beepThere = beepsThere.get(entry.getKey());
      Mark beepHere = beepsHere.get(entry.getKey());
      if (flash != null && beepThere != null && beepHere != null) {
        long flashOffset = flash.us - entry.getValue().us;
        points.add(
            new Point(entry.getValue().us, flashOffset, beepHere.us - beepThere.us - flashOffset));
        slips.add(beepHere.sample - beepThere.sample);
      }
    }
    long[] at = points.stream().mapToLong(Point::atUs).toArray();
    long[] added = points.stream().mapToLong(Point::addedUs).toArray();
    long[] offsets = points.stream().mapToLong(Point::flashOffsetUs).toArray();
    return new DriftReport(
        AvReport.Size.of(added),
        Slope.msPerHour(at, added),
        Slope.msPerHour(at, offsets),
        AvReport.Offsets.of(offsets),
        rate(source) == rate(recording) ? slip(slips) : 0,
        missing(flashesThere, flashesHere),
        missing(beepsThere, beepsHere),
        List.copyOf(points));
  }

  /**
   * Time that each flash took from one reader to the other, in milliseconds and in the order of the
   * source; without those whose arrival is not known.
   */
  public static double[] delaysMs(LiveCapture source, LiveCapture recording) {
    TreeMap<Long, Long> there = arrivals(source);
    TreeMap<Long, Long> here = arrivals(recording);
    return there.entrySet().stream()
        .filter(flash -> here.containsKey(flash.getKey()))
        .mapToDouble(flash -> (here.getOrDefault(flash.getKey(), 0L) - flash.getValue()) / 1e6)
        .toArray();
  }

  private static TreeMap<Long, Long> arrivals(LiveCapture followed) {
    TreeMap<Long, Long> arrivals = new TreeMap<>();
    List<Flash> flashes = followed.recording().flashes();
    for (int i = 0; i < flashes.size(); i++) {
      Flash flash = flashes.get(i);
      if (flash.second() >= 0 && followed.flashArrivalNanos().get(i) != LiveCapture.NOT_KNOWN) {
        arrivals.putIfAbsent(
            number(flash.second(), flash.ptsUs()), followed.flashArrivalNanos().get(i));
      }
    }
    return arrivals;
  }

  private static int rate(Recording recording) {
    Recording.Audio audio = recording.audio();
    return audio == null ? 0 : audio.sampleRate();
  }

  /** The usual value at the end less the usual one at the start. */
  private static long slip(List<Long> slips) {
    int edge = Math.min(EDGE, slips.size() / 2);
    if (edge == 0) {
      return 0;
    }
    return median(slips.subList(slips.size() - edge, slips.size()))
        - median(slips.subList(0, edge));
  }

  private static long median(List<Long> values) {
    return MarkMatch.median(values.stream().mapToLong(Long::longValue).toArray());
  }

  private static int missing(TreeMap<Long, Mark> there, TreeMap<Long, Mark> here) {
    if (here.isEmpty()) {
      return there.size();
    }
    return (int)
        there.subMap(here.firstKey(), true, here.lastKey(), true).keySet().stream()
            .filter(number -> !here.containsKey(number))
            .count();
  }

  private static TreeMap<Long, Mark> flashes(Recording recording) {
    TreeMap<Long, Mark> marks = new TreeMap<>();
    for (Flash flash : recording.flashes()) {
      if (flash.second() >= 0) {
        marks.putIfAbsent(number(flash.second(), flash.ptsUs()), new Mark(flash.ptsUs(), 0));
      }
    }
    return marks;
  }

  private static TreeMap<Long, Mark> beeps(Recording recording) {
    TreeMap<Long, Mark> marks = new TreeMap<>();
    for (Beep beep : recording.beeps()) {
      if (beep.second() >= 0) {
        marks.putIfAbsent(
            number(beep.second(), beep.onsetUs()), new Mark(beep.onsetUs(), beep.onsetSample()));
      }
    }
    return marks;
  }

  /** Which second of all it is, by its time to the nearest 30 s. */
  private static long number(int second, long us) {
    long cycle = Math.round((us / 1e6 - second - 0.5) / Marks.SECONDS);
    return cycle * Marks.SECONDS + second;
  }
}
