package babelmux.origin.video;

import java.util.Arrays;
import java.util.List;

/**
 * A short-term reference picture set of H.265 (ITU-T H.265, 7.3.7): distances in POC to the
 * pictures before and after, nearest first.
 */
record ReferenceSet(int[] before, int[] after) {
  private static final int MAX_PICTURES = 255;
  private static final int MAX_DISTANCE = 1 << 16;

  /**
   * Reads a set.
   *
   * @param known the sets that were read before it
   * @param inSlice whether it stands in a slice header, and so may name the set it builds on
   */
  static ReferenceSet read(BitReader in, List<ReferenceSet> known, boolean inSlice)
      throws BitstreamException {
    return !known.isEmpty() && in.flag() ? predicted(in, known, inSlice) : explicit(in);
  }

  private static ReferenceSet explicit(BitReader in) throws BitstreamException {
    int before = in.golomb(MAX_PICTURES);
    int after = in.golomb(MAX_PICTURES);
    return new ReferenceSet(distances(in, before, -1), distances(in, after, 1));
  }

  private static int[] distances(BitReader in, int count, int sign) throws BitstreamException {
    int[] distances = new int[count];
    int distance = 0;
    for (int i = 0; i < count; i++) {
      distance += sign * (in.golomb(MAX_DISTANCE) + 1);
      distances[i] = distance;
      in.flag();
    }
    return distances;
  }

  /** The pictures of another set, seen from another place, without those that are left out. */
  private static ReferenceSet predicted(BitReader in, List<ReferenceSet> known, boolean inSlice)
      throws BitstreamException {
    int back = 1 + (inSlice ? in.golomb(known.size() - 1) : 0);
    ReferenceSet base = known.get(known.size() - back);
    boolean negative = in.flag();
    int moved = (in.golomb(MAX_DISTANCE) + 1) * (negative ? -1 : 1);
    int count = base.before.length + base.after.length;
    boolean[] kept = new boolean[count + 1];
    for (int i = 0; i <= count; i++) {
      boolean used = in.flag();
      kept[i] = used || in.flag();
    }
    int[] all = new int[count + 1];
    int size = 0;
    for (int i = 0; i <= count; i++) {
      if (kept[i]) {
        all[size++] = base.distance(i) + moved;
      }
    }
    int[] sorted = Arrays.stream(all, 0, size).sorted().toArray();
    int[] before = Arrays.stream(sorted).filter(distance -> distance < 0).toArray();
    int[] after = Arrays.stream(sorted).filter(distance -> distance > 0).toArray();
    for (int i = 0, j = before.length - 1; i < j; i++, j--) {
      int swapped = before[i];
      before[i] = before[j];
      before[j] = swapped;
    }
    if (before.length > MAX_PICTURES || after.length > MAX_PICTURES) {
      throw new BitstreamException("more than " + MAX_PICTURES + " reference pictures");
    }
    return new ReferenceSet(before, after);
  }

  /** In the order of the flags: before, after, and last the place itself. */
  private int distance(int index) {
    if (index < before.length) {
      return before[index];
    }
    return index < before.length + after.length ? after[index - before.length] : 0;
  }
}
