package babelmux.worker.streams;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal events of all streams of a worker, numbered, the last {@value #KEPT} of them, for
 * readers that want each one as it comes. Streams call it from their own threads, the output thread
 * among them: nothing here waits for a reader. Thread-safe.
 */
public final class JournalFeed {
  private static final Logger log = LoggerFactory.getLogger(JournalFeed.class);

  /** Events that are kept for readers that come back. */
  public static final int KEPT = 1000;

  private final JournalRing ring;
  private final CopyOnWriteArrayList<Runnable> watchers = new CopyOnWriteArrayList<>();

  /** Empty, with an epoch that no other worker has. */
  public JournalFeed() {
    this(UUID.randomUUID().toString().replace("-", "").substring(0, 12).toLowerCase(Locale.ROOT));
  }

  /**
   * @param epoch what ids begin with: lower-case letters and digits
   */
  JournalFeed(String epoch) {
    ring = new JournalRing(epoch, KEPT);
  }

  /** Something happened to a stream. Returns at once; throws nothing. */
  public void add(String streamId, StreamDebug.Event event) {
    synchronized (ring) {
      ring.add(streamId, event);
    }
    for (Runnable watcher : watchers) {
      try {
        watcher.run();
      } catch (RuntimeException | Error e) {
        // The thread is a stream's: what is shown of it must not end it.
        log.error("a reader of events was not told of one", e);
      }
    }
  }

  /**
   * Has somebody told that there is a new event.
   *
   * @param watcher called on a stream's threads; must not block, and asks {@link #after(long)} on a
   *     thread of its own
   */
  public void watch(Runnable watcher) {
    watchers.addIfAbsent(watcher);
  }

  /** Takes back {@link #watch}. */
  public void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }

  /** The number of the newest event; 0 before the first. */
  public long last() {
    synchronized (ring) {
      return ring.last();
    }
  }

  /** The id of an event, {@code <epoch>-<number>}. */
  public String id(long number) {
    // Of what does not change.
    return ring.id(number);
  }

  /** The events behind this number that are kept, the oldest first. */
  public List<JournalEntry> after(long number) {
    synchronized (ring) {
      return ring.after(number);
    }
  }

  /**
   * The events behind the one with this id.
   *
   * @param lastId as a reader sent it: may be anything
   */
  public MissedEntries after(String lastId) {
    synchronized (ring) {
      return ring.after(lastId);
    }
  }
}
