package babelmux.meter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The packets of one track of a recording beside those of its source, told by their payload.
 *
 * @param same packets of the recording that are the source's next ones
 * @param changed packets that stand in the place of one of the source's with another payload
 * @param lost packets of the source between the first and the last that both have, and not in the
 *     recording
 * @param extra packets of the recording that the source has not got there
 * @param before packets of the source before the first that both have
 * @param after packets of the source behind the last that both have
 * @param headersSame whether the codec's headers are the source's
 * @param shift presentation time in the recording minus that in the source, over the same ones
 */
public record PacketChanges(
    int same,
    int changed,
    int lost,
    int extra,
    int before,
    int after,
    boolean headersSame,
    AvReport.Offsets shift) {

  private record Pair(int source, int recording) {}

  /** Compares the first tracks of a kind. */
  public static PacketChanges of(PacketLog source, PacketLog recording, PacketLog.Kind kind) {
    List<PacketLog.Entry> there = source.of(kind);
    List<PacketLog.Entry> here = recording.of(kind);
    List<Pair> pairs = pairs(there, here);
    int changed = 0;
    int lost = 0;
    int extra = 0;
    for (int i = 1; i < pairs.size(); i++) {
      int ofSource = pairs.get(i).source - pairs.get(i - 1).source - 1;
      int ofRecording = pairs.get(i).recording - pairs.get(i - 1).recording - 1;
      int replaced = Math.min(ofSource, ofRecording);
      changed += replaced;
      lost += ofSource - replaced;
      extra += ofRecording - replaced;
    }
    Pair none = new Pair(there.size(), -1);
    Pair first = pairs.isEmpty() ? none : pairs.get(0);
    Pair last = pairs.isEmpty() ? none : pairs.get(pairs.size() - 1);
    extra += pairs.isEmpty() ? here.size() : first.recording + here.size() - 1 - last.recording;
    return new PacketChanges(
        pairs.size(),
        changed,
        lost,
        extra,
        first.source,
        pairs.isEmpty() ? 0 : there.size() - 1 - last.source,
        headers(source, kind).equals(headers(recording, kind)),
        AvReport.Offsets.of(
            pairs.stream()
                .mapToLong(
                    pair -> here.get(pair.recording).ptsUs() - there.get(pair.source).ptsUs())
                .toArray()));
  }

  /**
   * True when no packet between the first and the last was changed, lost or added, and the headers
   * are the same.
   */
  public boolean untouched() {
    return same > 0 && changed + lost + extra == 0 && headersSame;
  }

  /** Equal payloads in the order of both. */
  private static List<Pair> pairs(List<PacketLog.Entry> source, List<PacketLog.Entry> recording) {
    Map<String, Deque<Integer>> places = new HashMap<>();
    for (int i = 0; i < source.size(); i++) {
      places.computeIfAbsent(source.get(i).sha256(), hash -> new ArrayDeque<>()).add(i);
    }
    List<Pair> pairs = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < recording.size(); i++) {
      Deque<Integer> left = places.get(recording.get(i).sha256());
      while (left != null && !left.isEmpty() && left.getFirst() < next) {
        left.removeFirst();
      }
      if (left != null && !left.isEmpty()) {
        next = left.removeFirst() + 1;
        pairs.add(new Pair(next - 1, i));
      }
    }
    return pairs;
  }

  private static String headers(PacketLog log, PacketLog.Kind kind) {
    return log.tracks().stream()
        .filter(track -> track.kind() == kind)
        .map(PacketLog.Track::headerSha256)
        .findFirst()
        .orElse("");
  }
}
