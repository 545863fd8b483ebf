package babelmux.worker.streams;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last journal events of all streams, and their ids: {@code <epoch>-<number>}. The epoch is the
 * process's own, so that an id of before a restart is told from one of after it. A function of what
 * is called: no clock, no threads; not thread-safe.
 */
final class JournalRing {
  private static final Pattern ID = Pattern.compile("([0-9a-z]{1,32})-(\\d{1,18})");

  private final String epoch;
  private final JournalEntry[] entries;
  // The number of the newest one; 0 before the first.
  private long last;

  /**
   * @param epoch lower-case letters and digits
   * @param capacity events that are kept
   */
  JournalRing(String epoch, int capacity) {
    if (!ID.matcher(epoch + "-0").matches()) {
      throw new IllegalArgumentException("epoch: " + epoch);
    }
    this.epoch = epoch;
    this.entries = new JournalEntry[capacity];
  }

  /** Adds an event; the oldest one makes room. */
  void add(String streamId, StreamDebug.Event event) {
    last++;
    entries[place(last)] = new JournalEntry(last, streamId, event);
  }

  /** The number of the newest event; 0 before the first. */
  long last() {
    return last;
  }

  /** The id of an event. */
  String id(long number) {
    return epoch + "-" + number;
  }

  /** The events behind this one that are kept, the oldest first. */
  List<JournalEntry> after(long number) {
    List<JournalEntry> behind = new ArrayList<>();
    for (long next = Math.max(number, last - entries.length) + 1; next <= last; next++) {
      behind.add(entries[place(next)]);
    }
    return behind;
  }

  /**
   * The events behind the one with this id; all that are kept when some behind it are gone, or when
   * it is no id of this ring.
   *
   * @param lastId may be anything
   */
  MissedEntries after(String lastId) {
    Matcher id = ID.matcher(lastId);
    if (!id.matches()) {
      return new MissedEntries(after(0), "the id of the last event is not one of this worker's");
    }
    long number = Long.parseLong(id.group(2));
    if (!id.group(1).equals(epoch) || number > last) {
      return new MissedEntries(
          after(0), "the last event was another worker's, or before a restart");
    }
    List<JournalEntry> behind = after(number);
    return new MissedEntries(
        behind,
        behind.size() == last - number
            ? null
            : "%d events are gone: the last %d are kept"
                .formatted(last - number - behind.size(), entries.length));
  }

  private int place(long number) {
    return (int) (number % entries.length);
  }
}
