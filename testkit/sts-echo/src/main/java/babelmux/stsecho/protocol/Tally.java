package babelmux.stsecho.protocol;

import babelmux.stsecho.protocol.Messages.Statistics;
import java.util.ArrayDeque;
import java.util.Deque;

/** Counts the answers of a session; times are kept of the last thousand. */
final class Tally {
  private static final int KEPT = 1000;

  private final Deque<Long> times = new ArrayDeque<>();
  private int success;
  private int partial;
  private int failed;

  void count(String status, long processingMs) {
    switch (status) {
      case "success" -> success++;
      case "partial" -> partial++;
      default -> failed++;
    }
    times.addLast(processingMs);
    if (times.size() > KEPT) {
      times.removeFirst();
    }
  }

  int total() {
    return success + partial + failed;
  }

  Statistics statistics() {
    long average = Math.round(times.stream().mapToLong(Long::longValue).average().orElse(0));
    long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    long p95 = sorted.length == 0 ? 0 : sorted[(int) Math.ceil(sorted.length * 0.95) - 1];
    return new Statistics(success, partial, failed, average, p95);
  }
}
