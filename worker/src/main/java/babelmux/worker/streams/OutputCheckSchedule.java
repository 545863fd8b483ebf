package babelmux.worker.streams;

import babelmux.worker.readback.OutputCheck;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells which output is read back next: each one once in an interval, the first time an interval
 * after it went on air, a bad one again soon, one that may not be read seldom. A function of what
 * it is told; one thread.
 */
final class OutputCheckSchedule {
  /** With more streams than these none is read back: what is sent twice has to be paid twice. */
  static final int MAX_STREAMS = 20;

  /** So soon a bad output is looked at again, when the interval is longer. */
  static final Duration AFTER_BAD = Duration.ofSeconds(10);

  /**
   * So long a server that refuses readers is left alone, as some lock out who asks again and again.
   * Not at the first refusal behind a good reading: it may be a passing one.
   */
  static final Duration AFTER_REFUSAL = Duration.ofHours(1);

  private final long intervalNanos;
  private final Map<String, Long> dueNanos = new HashMap<>();

  OutputCheckSchedule(Duration interval) {
    this.intervalNanos = interval.toNanos();
  }

  /**
   * The output that has been due for longest.
   *
   * @param outputs those that can be read back now
   * @return null when none is due
   */
  @Nullable CheckedOutput next(Collection<CheckedOutput> outputs, long nowNanos) {
    Set<String> ids = new HashSet<>();
    CheckedOutput oldest = null;
    long oldestDue = 0;
    for (CheckedOutput output : outputs) {
      ids.add(output.streamId());
      long due =
          dueNanos.computeIfAbsent(
              output.streamId(), id -> nowNanos + pauseNanos(null, output.last()));
      if (due - nowNanos <= 0 && (oldest == null || due - oldestDue < 0)) {
        oldest = output;
        oldestDue = due;
      }
    }
    dueNanos.keySet().retainAll(ids);
    return oldest;
  }

  /**
   * An output was read back.
   *
   * @param before what was known of it; null when nothing was
   * @param now what is; null when nothing is
   */
  void checked(
      String streamId, @Nullable OutputCheck before, @Nullable OutputCheck now, long nowNanos) {
    dueNanos.put(streamId, nowNanos + pauseNanos(before, now));
  }

  private long pauseNanos(@Nullable OutputCheck before, @Nullable OutputCheck now) {
    if (now == OutputCheck.UNKNOWN && before != OutputCheck.OK) {
      return Math.max(intervalNanos, AFTER_REFUSAL.toNanos());
    }
    boolean bad = now != null && now.isBad();
    return bad ? Math.min(intervalNanos, AFTER_BAD.toNanos()) : intervalNanos;
  }
}
