package babelmux.worker.api;

import babelmux.worker.streams.JournalFeed;
import babelmux.worker.streams.WorkerLoad;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * The parts of a worker that the events of {@code GET /v1/events} are made of, beside its streams
 * and its readiness.
 *
 * @param journal journal events of all streams
 * @param load what the worker holds; may read small files; never called on an event loop
 * @param readers is told how many read events, whenever that changes; must not block
 * @param disconnected is told of each reader that was disconnected because it did not read; must
 *     not block
 */
public record EventParts(
    JournalFeed journal, Supplier<WorkerLoad> load, IntConsumer readers, Runnable disconnected) {

  /** Of a worker in which nothing happens. */
  static EventParts none() {
    return new EventParts(new JournalFeed(), () -> WorkerLoad.NONE, readers -> {}, () -> {});
  }
}
