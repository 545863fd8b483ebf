package babelmux.worker.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known name that somebody most likely meant. */
final class Nearest {

  private Nearest() {}

  static Optional<String> to(String name, Collection<String> known) {
    return known.stream()
        .filter(candidate -> candidate.endsWith("." + name))
        .findFirst()
        .or(
            () ->
                known.stream()
                    .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                    .filter(
                        candidate ->
                            distance(name, candidate) <= Math.max(2, candidate.length() / 3)));
  }

  /** Levenshtein's: the least number of letters to insert, delete or replace. */
  static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
