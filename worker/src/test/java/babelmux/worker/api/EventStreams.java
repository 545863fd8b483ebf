package babelmux.worker.api;

import babelmux.worker.config.PageConfig;
import babelmux.worker.streams.JournalFeed;
import babelmux.worker.streams.StreamDebug;
import babelmux.worker.streams.StreamState;
import babelmux.worker.streams.StreamStatus;
import babelmux.worker.streams.WorkerLoad;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Streams whose events are read: as the test puts them. */
final class EventStreams extends NoStreams {
  final Map<String, Supplier<StreamStatus>> all = new ConcurrentHashMap<>();
  final JournalFeed journal = new JournalFeed();
  final AtomicInteger looks = new AtomicInteger();
  final List<Integer> readers = new CopyOnWriteArrayList<>();
  final AtomicInteger disconnected = new AtomicInteger();
  volatile Readiness readiness = Readiness.READY;

  void put(String id, StreamState state, String warning) {
    StreamStatus status = status(id, state, warning);
    all.put(id, () -> status);
  }

  void happened(String id, String event) {
    journal.add(id, new StreamDebug.Event(Instant.EPOCH, event, null, null, "as \"planted\"\n"));
  }

  @Override
  public Set<String> ids() {
    looks.incrementAndGet();
    return Set.copyOf(all.keySet());
  }

  @Override
  public Optional<StreamStatus> get(String id) {
    looks.incrementAndGet();
    return Optional.ofNullable(all.get(id)).map(Supplier::get);
  }

  /** The parts of a worker with these streams. */
  ApiParts parts() {
    return parts(PageConfig.DEFAULTS);
  }

  ApiParts parts(PageConfig page) {
    return new ApiParts(
        "1.2.3",
        this,
        format -> "",
        () -> readiness,
        router -> {},
        time -> {},
        reason -> {},
        reason -> {},
        () -> Support.NONE,
        Checkup.NONE,
        page,
        new EventParts(
            journal,
            () -> new WorkerLoad(1000, 2000L, 3, 100),
            readers::add,
            disconnected::incrementAndGet),
        router -> {});
  }

  static StreamStatus status(String id, StreamState state, String warning) {
    return new StreamStatus(
        id,
        state,
        StreamStatus.Flags.NONE,
        null,
        new StreamStatus.Source("rtmp://h/live/x/in", "rtmpConn", "1"),
        "rtmp://h/live/x/out",
        Instant.EPOCH,
        14_500,
        null,
        StreamStatus.Segments.NONE,
        StreamStatus.Sts.OFF,
        List.of(),
        List.of(),
        null,
        null,
        null,
        List.of(warning),
        null,
        StreamStatus.Bypass.OFF,
        List.of(
            new StreamStatus.Slot(
                7, "5a0c", 0, 6_000, "dub", null, false, true, "good\nevening", "buenas noches")));
  }
}
