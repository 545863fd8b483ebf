package babelmux.worker.recording;

import babelmux.worker.captions.Cue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cues of one language that wait for their time. Thread-safe; holds at most 1000. */
final class CueLine {
  private static final int MAX_CUES = 1000;

  /** A cue that reaches less far into a file is not shown again there. */
  private static final long MIN_REST_US = 300_000;

  private final Deque<Cue> waiting = new ArrayDeque<>();
  private @Nullable Cue last;

  /** The cues of the next slot whose words are known: answers may overtake each other. */
  synchronized void add(List<Cue> cues) {
    if (cues.isEmpty()) {
      return;
    }
    Deque<Cue> later = new ArrayDeque<>();
    while (!waiting.isEmpty() && waiting.getLast().startUs() > cues.get(0).startUs()) {
      later.addFirst(waiting.removeLast());
    }
    waiting.addAll(cues);
    waiting.addAll(later);
    while (waiting.size() > MAX_CUES) {
      waiting.removeFirst();
    }
  }

  /** Those that have begun by an output time and were not given yet, in order. */
  synchronized List<Cue> by(long outputUs) {
    List<Cue> due = new ArrayList<>();
    while (!waiting.isEmpty() && waiting.getFirst().startUs() <= outputUs) {
      last = waiting.removeFirst();
      due.add(last);
    }
    return due;
  }

  /** Those that begin in this time and were not given yet are not shown. */
  synchronized void drop(long fromUs, long toUs) {
    waiting.removeIf(cue -> cue.startUs() >= fromUs && cue.startUs() < toUs);
  }

  /** A file begins: what reaches into it is to be given again, what does not is over. */
  synchronized void restart(long outputUs) {
    if (last != null) {
      waiting.addFirst(last);
    }
    waiting.removeIf(cue -> cue.endUs() < outputUs + MIN_REST_US && cue.startUs() < outputUs);
    last = null;
  }
}
