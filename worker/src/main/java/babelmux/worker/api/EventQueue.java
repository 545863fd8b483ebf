package babelmux.worker.api;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent to one reader of events. States replace each other: of each stream, and of
 * the worker, the newest one waits, so a slow reader gets fewer of them and never old ones. Journal
 * events wait one after another, {@link #MAX_JOURNAL_BYTES} of them at most. The bytes are shared
 * with all other readers. No threads, no clock; not thread-safe.
 */
final class EventQueue {

  /** Journal events that may wait for a reader, beside those that it missed before it came. */
  static final int MAX_JOURNAL_BYTES = 512 << 10;

  private static final byte[] NOTHING = {};

  private final @Nullable String streamId;
  private final Deque<byte[]> first = new ArrayDeque<>();
  private final Deque<byte[]> missed = new ArrayDeque<>();
  private final Deque<byte[]> journal = new ArrayDeque<>();
  private int journalBytes;
  private final Map<String, byte[]> gone = new LinkedHashMap<>();
  private final Map<String, byte[]> streams = new LinkedHashMap<>();
  private byte @Nullable [] worker;
  private boolean keep;

  /**
   * @param streamId the one stream that is wanted; null for all
   */
  EventQueue(@Nullable String streamId) {
    this.streamId = streamId;
  }

  /** Puts this before everything else. */
  void first(byte[] text) {
    first.addLast(text);
  }

  /** Adds what a reader that was away has missed. */
  void missed(List<JournalText> entries) {
    entries.stream().filter(this::isWanted).forEach(entry -> missed.addLast(entry.text()));
  }

  /** Adds a journal event; returns false when too much waits: the reader is too slow. */
  boolean journal(JournalText entry) {
    if (!isWanted(entry)) {
      return true;
    }
    journal.addLast(entry.text());
    journalBytes += entry.text().length;
    return journalBytes <= MAX_JOURNAL_BYTES;
  }

  private boolean isWanted(JournalText entry) {
    return isWanted(entry.streamId());
  }

  private boolean isWanted(String id) {
    return streamId == null || streamId.equals(id);
  }

  /** A stream's state; replaces the one that waits. */
  void stream(String id, byte[] text) {
    if (isWanted(id)) {
      gone.remove(id);
      streams.put(id, text);
    }
  }

  /** A stream is listed no longer. */
  void gone(String id, byte[] text) {
    if (isWanted(id)) {
      streams.remove(id);
      gone.put(id, text);
    }
  }

  /** The worker's state; replaces the one that waits. */
  void worker(byte[] text) {
    worker = text;
  }

  /** A comment, which says that the connection lives. */
  void keep() {
    keep = true;
  }

  /**
   * Takes what is sent next: whole events, and no further one when these are so many bytes. Empty
   * when nothing waits.
   */
  byte[] take(int enoughBytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    drain(first, out, enoughBytes);
    drain(missed, out, enoughBytes);
    while (out.size() < enoughBytes && !journal.isEmpty()) {
      byte[] text = journal.removeFirst();
      journalBytes -= text.length;
      out.writeBytes(text);
    }
    drain(gone.values().iterator(), out, enoughBytes);
    byte[] state = worker;
    if (state != null && out.size() < enoughBytes) {
      worker = null;
      out.writeBytes(state);
    }
    drain(streams.values().iterator(), out, enoughBytes);
    if (keep && out.size() < enoughBytes) {
      keep = false;
      out.writeBytes(EventText.KEEP);
    }
    return out.size() == 0 ? NOTHING : out.toByteArray();
  }

  private static void drain(Deque<byte[]> texts, ByteArrayOutputStream out, int enoughBytes) {
    while (out.size() < enoughBytes && !texts.isEmpty()) {
      out.writeBytes(texts.removeFirst());
    }
  }

  private static void drain(Iterator<byte[]> texts, ByteArrayOutputStream out, int enoughBytes) {
    while (out.size() < enoughBytes && texts.hasNext()) {
      out.writeBytes(texts.next());
      texts.remove();
    }
  }
}
