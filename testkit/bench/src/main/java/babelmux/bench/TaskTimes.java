package babelmux.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * CPU time of each thread of a process at one moment. Linux only.
 *
 * @param ticks clock ticks of 10 ms, by the thread's number
 * @param names by the thread's number
 */
record TaskTimes(Map<Long, Long> ticks, Map<Long, String> names) {
  /** A second of CPU time. */
  private static final double TICKS_PER_SECOND = 100;

  /**
   * Thread that used most CPU time.
   *
   * @param seconds of CPU time
   */
  record Hottest(String name, double seconds) {}

  static TaskTimes of(long pid) throws IOException {
    Map<Long, Long> ticks = new HashMap<>();
    Map<Long, String> names = new HashMap<>();
    List<Path> tasks;
    try (Stream<Path> list = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      tasks = list.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path task : tasks) {
      String stat;
      try {
        stat = Files.readString(task.resolve("stat"));
      } catch (IOException e) {
        // The thread has ended meanwhile.
        continue;
      }
      long number = Long.parseLong(task.getFileName().toString());
      // A name may hold blanks and brackets: fields are counted behind its last bracket.
      int end = stat.lastIndexOf(')');
      String[] fields = stat.substring(end + 2).split(" ");
      ticks.put(number, Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
      names.put(number, stat.substring(stat.indexOf('(') + 1, end));
    }
    return new TaskTimes(ticks, names);
  }

  /** The thread that used most since an earlier moment. */
  Hottest hottestSince(TaskTimes before) {
    Hottest hottest = new Hottest("none", 0);
    for (Map.Entry<Long, Long> each : ticks.entrySet()) {
      long used = each.getValue() - before.ticks.getOrDefault(each.getKey(), 0L);
      if (used / TICKS_PER_SECOND > hottest.seconds()) {
        hottest = new Hottest(names.getOrDefault(each.getKey(), "?"), used / TICKS_PER_SECOND);
      }
    }
    return hottest;
  }
}
