package babelmux.meter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which mark of a recording is which mark of its source.
 *
 * @param offsetsUs recording minus source, by second, in the order of the source
 */
record MarkMatch(Map<Integer, Long> offsetsUs, AvReport.Astray astray) {
  private static final long FLASH_US = 100_000;
  private static final long BEEP_US = 100_000;

  record Mark(int second, long us) {}

  static MarkMatch flashes(Recording source, Recording recording) {
    Recording.Video video = recording.video();
    long start = video == null ? 0 : video.startUs();
    long end = video == null ? 0 : start + video.durationUs();
    return of(flashMarks(source), flashMarks(recording), start, end - FLASH_US);
  }

  static MarkMatch beeps(Recording source, Recording recording) {
    Recording.Audio audio = recording.audio();
    long start = audio == null ? 0 : audio.startUs();
    long end = audio == null ? 0 : audio.endUs();
    return of(beepMarks(source), beepMarks(recording), start, end - BEEP_US);
  }

  private static List<Mark> flashMarks(Recording recording) {
    return recording.flashes().stream().map(f -> new Mark(f.second(), f.ptsUs())).toList();
  }

  private static List<Mark> beepMarks(Recording recording) {
    return recording.beeps().stream().map(b -> new Mark(b.second(), b.onsetUs())).toList();
  }

  static MarkMatch of(List<Mark> source, List<Mark> found, long firstUs, long lastUs) {
    long usual = usualOffset(source, found);
    List<Mark> left = new ArrayList<>(found);
    Map<Integer, Long> offsets = new LinkedHashMap<>();
    List<Integer> missing = new ArrayList<>();
    List<Integer> beyond = new ArrayList<>();
    for (Mark mark : source) {
      Mark match = nearest(left, mark.second, mark.us + usual);
      if (match != null) {
        left.remove(match);
        offsets.put(mark.second, match.us - mark.us);
      } else {
        long belongs = mark.us + usual;
        (belongs < firstUs || belongs > lastUs ? beyond : missing).add(mark.second);
      }
    }
    List<Integer> extra = left.stream().map(Mark::second).toList();
    return new MarkMatch(
        offsets, new AvReport.Astray(List.copyOf(missing), extra, List.copyOf(beyond)));
  }

  private static long usualOffset(List<Mark> source, List<Mark> found) {
    return median(
        source.stream()
            .flatMapToLong(
                mark ->
                    found.stream()
                        .filter(other -> other.second == mark.second)
                        .mapToLong(other -> other.us - mark.us))
            .toArray());
  }

  private static @Nullable Mark nearest(List<Mark> marks, int second, long us) {
    return marks.stream()
        .filter(mark -> mark.second == second)
        .min((a, b) -> Long.compare(Math.abs(a.us - us), Math.abs(b.us - us)))
        .orElse(null);
  }

  /** 0 when there is nothing. */
  static long median(long[] values) {
    if (values.length == 0) {
      return 0;
    }
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
