package babelmux.stsecho.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Emits results in the order of their numbers, from 0, as the servers in the field do: a hole holds
 * back all later ones forever, and a number that was emitted is never emitted again.
 */
final class InOrder<T> {
  private final SortedMap<Integer, T> held = new TreeMap<>();
  private int next;

  /**
   * Results that may be emitted now that this one is there; empty while a lower number is missing.
   */
  List<T> offer(int number, T result) {
    List<T> released = new ArrayList<>();
    if (number >= next) {
      held.putIfAbsent(number, result);
    }
    for (@Nullable T ready = held.remove(next); ready != null; ready = held.remove(next)) {
      released.add(ready);
      next++;
    }
    return released;
  }
}
