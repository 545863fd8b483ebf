package babelmux.worker.sts.link;

import java.util.TreeSet;

/**
 * The numbers of one session: from 0, each once. Servers hold every result until all lower numbers
 * are done, so a refused number must be used again: the lowest one free always goes first.
 */
final class SequenceNumbers {
  private final TreeSet<Integer> refused = new TreeSet<>();
  private int next;

  /** The number for the next message that is sent. */
  int take() {
    Integer free = refused.pollFirst();
    return free == null ? next++ : free;
  }

  /** The service did not accept this number. */
  void giveBack(int number) {
    refused.add(number);
    while (!refused.isEmpty() && refused.last() == next - 1) {
      refused.pollLast();
      next--;
    }
  }

  /** Tells whether a number is free below one that is in use. */
  boolean hasHole() {
    return !refused.isEmpty();
  }
}
