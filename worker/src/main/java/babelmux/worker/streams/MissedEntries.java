package babelmux.worker.streams;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The journal events that a reader has not received.
 *
 * @param entries the oldest first
 * @param reset why these are not all that it missed, or cannot be told from it: one sentence; null
 *     when nothing is missing
 */
public record MissedEntries(List<JournalEntry> entries, @Nullable String reset) {

  public MissedEntries {
    entries = List.copyOf(entries);
  }
}
