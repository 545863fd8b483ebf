package babelmux.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Faults of a soak and their times: a pure function of seed, number of streams and length. The
 * first half of the streams is never hit. A stream is hit again when the effects of the fault
 * before are over.
 */
final class SoakSchedule {
  /** Of no stream. */
  static final int NO_STREAM = -1;

  /** Segments that were on their way during a fault may fall back so long after its end. */
  static final int EFFECT_SECONDS = 40;

  private static final int FIRST_SECOND = 20;
  private static final int EVERY_SECONDS = 10;
  private static final int LAST_SECONDS = 60;

  /**
   * One fault.
   *
   * @param second of its begin, since the measurement began
   * @param stream number of the stream that it hits, or {@link #NO_STREAM}
   */
  record Injection(int second, SoakFault fault, int stream) {
    /** Of a log: when, what, whom. */
    String line() {
      return "second %d: %s%s"
          .formatted(second, fault.label(), stream == NO_STREAM ? "" : ", stream " + stream);
    }

    /** True when a segment of the stream that fell back between two moments may be due to it. */
    boolean explains(int fallenBack, double fromSecond, double toSecond) {
      return fault.mayFallBack()
          && stream == fallenBack
          && toSecond >= second
          && fromSecond <= second + fault.seconds() + EFFECT_SECONDS;
    }
  }

  private SoakSchedule() {}

  /** The number of streams that no fault hits; none of one stream. */
  static int untouched(int streams) {
    return streams == 1 ? 0 : (streams + 1) / 2;
  }

  /**
   * Returns the faults in the order of their times. Each kind comes once before any comes again, as
   * far as the time suffices.
   *
   * @param kinds of the faults, at least one
   */
  static List<Injection> of(long seed, int streams, double minutes, List<SoakFault> kinds) {
    Random random = new Random(seed);
    int[] free = new int[streams];
    Arrays.fill(free, 0, untouched(streams), Integer.MAX_VALUE);
    List<Injection> all = new ArrayList<>();
    List<SoakFault> bag = new ArrayList<>();
    int end = (int) (minutes * 60) - LAST_SECONDS;
    for (int second = FIRST_SECOND; second <= end; second += EVERY_SECONDS) {
      if (bag.isEmpty()) {
        bag.addAll(kinds);
        Collections.shuffle(bag, random);
      }
      SoakFault fault = bag.get(bag.size() - 1);
      int stream = NO_STREAM;
      if (fault.hitsStream()) {
        List<Integer> candidates = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
          if (free[i] <= second) {
            candidates.add(i);
          }
        }
        if (candidates.isEmpty()) {
          continue;
        }
        stream = candidates.get(random.nextInt(candidates.size()));
        free[stream] = second + fault.seconds() + EFFECT_SECONDS;
      }
      bag.remove(bag.size() - 1);
      all.add(new Injection(second, fault, stream));
    }
    return List.copyOf(all);
  }
}
