package babelmux.worker.api;

import babelmux.worker.streams.StreamDebug;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What somebody needs who looks for a fault from afar: the body of {@code GET /v1/support}. Without
 * secrets, and without what is said in the streams.
 *
 * @param takenAt wall clock
 * @param versions of this program and of what it runs on, by name
 * @param process figures of this process, by name with their unit
 * @param settings one line for each that is not at its default, with where it comes from
 * @param ready the same as {@code /health/ready}
 * @param streams all that run or have ended recently
 * @param log the last lines, the oldest first
 * @param threads a dump, one thread a paragraph
 */
public record Support(
    Instant takenAt,
    Map<String, String> versions,
    Map<String, Long> process,
    List<String> settings,
    Map<String, Object> ready,
    List<StreamDebug> streams,
    List<String> log,
    String threads) {

  /** Nothing: of a worker that has no such report. */
  public static final Support NONE =
      new Support(Instant.EPOCH, Map.of(), Map.of(), List.of(), Map.of(), List.of(), List.of(), "");

  public Support {
    versions = new LinkedHashMap<>(versions);
    process = new LinkedHashMap<>(process);
    settings = List.copyOf(settings);
    ready = new LinkedHashMap<>(ready);
    streams = List.copyOf(streams);
    log = List.copyOf(log);
  }
}
