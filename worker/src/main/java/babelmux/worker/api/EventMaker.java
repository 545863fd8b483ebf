package babelmux.worker.api;

import babelmux.hooks.LogThrottle;
import babelmux.worker.streams.JournalEntry;
import babelmux.worker.streams.JournalFeed;
import babelmux.worker.streams.MissedEntries;
import babelmux.worker.streams.StreamDebug;
import babelmux.worker.streams.StreamStatus;
import babelmux.worker.streams.WorkerLoad;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the events of {@code GET /v1/events}, once for all readers. What cannot be made of one
 * stream keeps nothing back of the others. Takes locks of the streams: not for an event loop.
 * Thread-safe.
 */
final class EventMaker {

  private static final Logger log = LoggerFactory.getLogger(EventMaker.class);

  private final ApiParts parts;
  private final JournalFeed journal;
  private final ProcessCpu cpu =
      new ProcessCpu(
          EventMaker::cpuNanos, System::nanoTime, Runtime.getRuntime().availableProcessors());
  private final LogThrottle throttle = new LogThrottle(System::nanoTime);
  // By id; what is shown of each stream now.
  private final Map<String, Shown> shown = new TreeMap<>();
  private final JournalText[] journalTexts = new JournalText[JournalFeed.KEPT];

  EventMaker(ApiParts parts) {
    this.parts = parts;
    this.journal = parts.events().journal();
  }

  /** A stream as it was sent last. */
  private record Shown(StreamStatus status, byte[] text) {}

  /**
   * What is to be made.
   *
   * @param all whether all streams are looked at; else those of which there are journal events
   * @param worker whether the worker's state is made
   * @param after the last journal event that all readers have
   * @param comers what each reader that comes names as its last event; empty when it names none
   */
  record Wish(boolean all, boolean worker, long after, List<Optional<String>> comers) {}

  /**
   * What was made.
   *
   * @param reset that some journal events are gone; empty when none is
   * @param journal journal events behind the wish's
   * @param upTo the last journal event of this batch
   * @param gone of streams that are listed no longer, by id
   * @param streams of streams that have changed or run, by id
   * @param worker empty when it was not asked for or cannot be made
   * @param all every stream, by id, for readers that come; empty when none comes
   * @param missed for each reader that comes, in their order
   */
  record Batch(
      Optional<byte[]> reset,
      List<JournalText> journal,
      long upTo,
      Map<String, byte[]> gone,
      Map<String, byte[]> streams,
      Optional<byte[]> worker,
      Map<String, byte[]> all,
      List<Missed> missed) {}

  /**
   * What a reader has missed.
   *
   * @param reset that it has missed more than that; empty when it has not
   */
  record Missed(Optional<byte[]> reset, List<JournalText> entries) {}

  /** Makes a batch. Throws nothing for what a stream or the readiness throws. */
  synchronized Batch make(Wish wish) {
    long upTo = journal.last();
    List<JournalEntry> entries = until(upTo, journal.after(wish.after()));
    long lost = upTo - wish.after() - entries.size();
    Map<String, byte[]> gone = new LinkedHashMap<>();
    Map<String, byte[]> streams = new LinkedHashMap<>();
    boolean all = wish.all() || !wish.comers().isEmpty();
    for (String id : all ? ids(gone) : ids(entries)) {
      show(id, streams);
    }
    Map<String, byte[]> each = new LinkedHashMap<>();
    if (!wish.comers().isEmpty()) {
      shown.forEach((id, stream) -> each.put(id, stream.text()));
    }
    return new Batch(
        lost > 0 ? Optional.of(reset(lost + " events are gone")) : Optional.empty(),
        texts(entries),
        upTo,
        Collections.unmodifiableMap(gone),
        Collections.unmodifiableMap(streams),
        wish.worker() || !wish.comers().isEmpty() ? worker() : Optional.empty(),
        Collections.unmodifiableMap(each),
        wish.comers().stream().map(comer -> missed(comer, upTo)).toList());
  }

  /** Nobody reads: lets go of what was made. */
  synchronized void forget() {
    shown.clear();
  }

  private static List<JournalEntry> until(long upTo, List<JournalEntry> entries) {
    return entries.stream().filter(entry -> entry.number() <= upTo).toList();
  }

  private Set<String> ids(Map<String, byte[]> gone) {
    Set<String> ids;
    try {
      ids = parts.streams().ids();
    } catch (RuntimeException | Error e) {
      failed("the streams", e);
      return Set.of();
    }
    for (String id : List.copyOf(shown.keySet())) {
      if (!ids.contains(id)) {
        shown.remove(id);
        gone.put(id, EventText.of("gone", null, Json.of(Map.of("streamId", id))));
      }
    }
    return ids;
  }

  private static Set<String> ids(List<JournalEntry> entries) {
    Set<String> ids = new LinkedHashSet<>();
    entries.forEach(entry -> ids.add(entry.streamId()));
    return ids;
  }

  private void show(String id, Map<String, byte[]> streams) {
    try {
      StreamStatus status = parts.streams().get(id).map(parts::shown).orElse(null);
      if (status == null) {
        // Gone since: the next look at all streams tells it.
        return;
      }
      Shown before = shown.get(id);
      // One that is over is the same for as long as it is listed.
      if (before == null || !status.state().isFinal() || !status.equals(before.status())) {
        Shown now = new Shown(status, EventText.of("stream", null, Json.of(status)));
        shown.put(id, now);
        streams.put(id, now.text());
      }
    } catch (RuntimeException | Error e) {
      // The others are shown all the same; this one is tried again with the next batch.
      failed("stream " + id, e);
    }
  }

  private List<JournalText> texts(List<JournalEntry> entries) {
    List<JournalText> texts = new ArrayList<>();
    for (JournalEntry entry : entries) {
      int place = (int) (entry.number() % journalTexts.length);
      JournalText text = journalTexts[place];
      if (text == null || text.number() != entry.number()) {
        text = text(entry);
        journalTexts[place] = text;
      }
      texts.add(text);
    }
    return texts;
  }

  private JournalText text(JournalEntry entry) {
    StreamDebug.Event event = entry.event();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("streamId", entry.streamId());
    body.put("at", event.at());
    body.put("event", event.event());
    body.put("segment", event.segment());
    body.put("fragmentId", event.fragmentId());
    body.put("detail", event.detail());
    return new JournalText(
        entry.number(),
        entry.streamId(),
        EventText.of("journal", journal.id(entry.number()), Json.of(body)));
  }

  private Missed missed(Optional<String> lastId, long upTo) {
    if (lastId.isEmpty()) {
      return new Missed(Optional.empty(), List.of());
    }
    MissedEntries missed = journal.after(lastId.get());
    String reset = missed.reset();
    return new Missed(
        reset == null ? Optional.empty() : Optional.of(reset(reset)),
        texts(until(upTo, missed.entries())));
  }

  private static byte[] reset(String reason) {
    return EventText.of("reset", null, Json.of(Map.of("reason", reason)));
  }

  private Optional<byte[]> worker() {
    try {
      return Optional.of(EventText.of("worker", null, Json.of(state())));
    } catch (RuntimeException | Error e) {
      failed("the worker's state", e);
      return Optional.empty();
    }
  }

  private Map<String, @Nullable Object> state() {
    Readiness readiness = parts.readiness().get();
    WorkerLoad load = parts.events().load().get();
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("version", parts.version());
    body.put("ready", readiness.isReady());
    body.put("degraded", readiness.degraded());
    body.put("residentBytes", load.residentBytes());
    body.put("memoryLimitBytes", load.memoryLimitBytes());
    body.put("cpu", cpu.read());
    body.put("cores", Runtime.getRuntime().availableProcessors());
    body.put("uptimeSeconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
    body.put("streams", load.streams());
    body.put("maxStreams", load.maxStreams());
    body.put("draining", readiness.refusals().contains("draining"));
    return body;
  }

  private static long cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : -1;
  }

  private void failed(String what, Throwable failure) {
    throttle
        .permit()
        .ifPresent(more -> log.error("no event could be made of {}{}", what, more, failure));
  }
}
