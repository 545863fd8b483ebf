package babelmux.worker.sts.link;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The dubs of which the service is still to be told whether they were used. */
final class PendingAcks {
  private final Map<String, Long> deadlines = new LinkedHashMap<>();

  void expect(String fragmentId, long deadline) {
    deadlines.put(fragmentId, deadline);
  }

  /** Tells whether the service is still to be told; it counts as told from now on. */
  boolean take(String fragmentId) {
    return deadlines.remove(fragmentId) != null;
  }

  /** Those whose deadline has come. */
  List<String> due(long now) {
    List<String> due = new ArrayList<>();
    deadlines.forEach(
        (id, deadline) -> {
          if (deadline <= now) {
            due.add(id);
          }
        });
    return due;
  }

  /** The earliest deadline, {@link FragmentSender#NEVER} if there is none. */
  long nextDeadline() {
    return deadlines.values().stream()
        .mapToLong(Long::longValue)
        .min()
        .orElse(FragmentSender.NEVER);
  }

  /** The connection that they were to be told on is gone. */
  void clear() {
    deadlines.clear();
  }
}
