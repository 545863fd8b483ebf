package babelmux.app.support;

import babelmux.app.client.WorkerPort;
import babelmux.hooks.ControlApiClient;
import babelmux.hooks.ControlApiException;
import babelmux.media.Secrets;
import babelmux.worker.config.LoadedConfig;
import babelmux.worker.config.WorkerConfig;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a support bundle holds, from the running worker where there is one, and writes it.
 * Everything is masked by whoever makes it; what this program's settings say is secret is masked
 * once more. Blocks, half a minute at most for each question; one thread.
 */
public final class SupportBundle {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration FIND_LIMIT = Duration.ofSeconds(10);
  private static final Duration API_CONNECT = Duration.ofSeconds(2);
  private static final Duration API_READ = Duration.ofSeconds(5);

  private final String version;
  private final Instant now;
  private final BundleFiles files = new BundleFiles();
  private @Nullable String from;

  private SupportBundle(String version, Instant now) {
    this.version = version;
    this.now = now;
  }

  /**
   * Collects.
   *
   * @param version of this program
   * @param loaded the worker's settings
   * @param now wall clock
   */
  public static SupportBundle collect(String version, LoadedConfig loaded, Instant now)
      throws InterruptedException {
    SupportBundle bundle = new SupportBundle(version, now);
    WorkerConfig config = loaded.config();
    @Nullable JsonNode report = bundle.askWorker(config);
    if (report == null) {
      bundle.files.put("settings.txt", lines(settings(loaded)));
    }
    bundle.versions(report, config);
    return bundle;
  }

  /**
   * Where the settings cannot be read, they are what is wrong.
   *
   * @param problems one line each, masked
   */
  public static SupportBundle withoutSettings(String version, List<String> problems, Instant now) {
    SupportBundle bundle = new SupportBundle(version, now);
    bundle.files.put("settings.txt", lines(problems));
    bundle.files.miss("the worker, MediaMTX", "not asked, as the settings cannot be used");
    bundle.files.put("versions.json", pretty(node(Surroundings.versions(version))));
    return bundle;
  }

  /** One line for each setting that is not at its default, and for each remark about them. */
  public static List<String> settings(LoadedConfig loaded) {
    List<String> lines = new ArrayList<>(loaded.given());
    loaded.notes().forEach(note -> lines.add("note: " + note));
    return lines;
  }

  private @Nullable JsonNode askWorker(WorkerConfig config) {
    WorkerPort port;
    try {
      port = new WorkerPort(config.http(), config.access().token());
    } catch (IOException e) {
      files.miss("the worker", "cannot be asked: " + e.getMessage());
      return null;
    }
    String missing;
    try {
      missing = port.isWorker(FIND_LIMIT) ? "" : "another program does";
    } catch (IOException e) {
      missing = String.valueOf(e.getMessage());
    }
    if (!missing.isEmpty()) {
      files.miss(
          "states, log, metrics, doctor's report, threads",
          "no worker answers at %s (http.host, http.port): %s".formatted(port, missing));
      return null;
    }
    from = port.toString();
    JsonNode report = support(port);
    fetch(port, "/metrics", "metrics.txt", "metrics");
    fetch(port, "/v1/doctor", "doctor.json", "doctor's report");
    if (report == null) {
      fetch(port, "/health/ready", "ready.json", "readiness");
      fetch(port, "/v1/streams", "streams.json", "streams");
    }
    return report;
  }

  private @Nullable JsonNode support(WorkerPort port) {
    Optional<String> body =
        ask(port, "/v1/support", "settings of the worker, events of the streams, log, threads");
    if (body.isEmpty()) {
      return null;
    }
    JsonNode report;
    try {
      report = JSON.readTree(body.get());
    } catch (JsonProcessingException e) {
      files.miss("/v1/support", "not JSON: " + e.getOriginalMessage());
      return null;
    }
    files.put("settings.txt", lines(texts(report.path("settings"))));
    files.put("ready.json", pretty(report.path("ready")));
    files.put("streams.json", pretty(report.path("streams")));
    files.put("log.txt", lines(texts(report.path("log"))));
    files.put("threads.txt", report.path("threads").asText());
    return report;
  }

  private void fetch(WorkerPort port, String path, String file, String what) {
    ask(port, path, what).ifPresent(body -> files.put(file, body));
  }

  private Optional<String> ask(WorkerPort port, String path, String what) {
    try {
      WorkerPort.Reply reply = port.get(path);
      boolean refusesStreams = path.startsWith("/health") && reply.status() == 503;
      if (reply.isOk() || refusesStreams) {
        return Optional.of(reply.body());
      }
      files.miss(what, "%s%s: %d %s".formatted(port, path, reply.status(), reply.detail()));
    } catch (IOException e) {
      files.miss(what, "%s%s: %s".formatted(port, path, e.getMessage()));
    }
    return Optional.empty();
  }

  private void versions(@Nullable JsonNode report, WorkerConfig config)
      throws InterruptedException {
    ObjectNode versions = JsonNodeFactory.instance.objectNode();
    versions.set(
        report == null ? "thisProgram" : "worker",
        report == null ? node(Surroundings.versions(version)) : report.path("versions"));
    if (report != null) {
      versions.set("process", report.path("process"));
    }
    versions.put("mediamtx", mediaMtx(config));
    files.put("versions.json", pretty(versions));
  }

  private String mediaMtx(WorkerConfig config) throws InterruptedException {
    try (ControlApiClient api =
        new ControlApiClient(config.mediaMtx().apiUrl().toUri(), API_CONNECT, API_READ)) {
      return api.info().map(info -> info.version()).orElse("answers, and names no version");
    } catch (ControlApiException e) {
      files.miss("MediaMTX's version", String.valueOf(e.getMessage()));
      return "unknown";
    }
  }

  /**
   * Writes it.
   *
   * @throws IOException also when the file is there: it is not overwritten
   */
  public void write(Path zip) throws IOException {
    files.write(zip, explained());
  }

  /** One line that says what it holds, for people. */
  public String summary() {
    String worker = from;
    return "%d files, %s"
        .formatted(files.size(), worker == null ? "no worker answered" : "from " + worker);
  }

  /** What could not be had and why, one line each. */
  public List<String> missing() {
    return files.missing();
  }

  private String explained() {
    List<String> missing = files.missing();
    return """
        babelmux support bundle, %s

        settings.txt   settings that are not at their defaults, and where each comes from
        versions.json  of the worker, what it runs on, and MediaMTX
        ready.json     what is not well, as /health/ready has it
        streams.json   all that is known about each stream, with its last events
        log.txt        the last 500 lines of the worker's log
        metrics.txt    as Prometheus reads them
        doctor.json    the report of doctor's last run in the worker
        threads.txt    where the worker's threads stand

        A segment has one name, fragmentId, in log.txt (segment=), in streams.json and at the STS.
        Secrets are masked (***), and nothing that is said in a stream is in here.

        Not in here:
        %s"""
        .formatted(now, missing.isEmpty() ? "nothing is missing\n" : lines(missing));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(line -> texts.add(line.asText()));
    return texts;
  }

  private static String lines(List<String> lines) {
    return lines.isEmpty() ? "" : Secrets.maskKnown(String.join("\n", lines)) + "\n";
  }

  private static JsonNode node(Object value) {
    return JSON.valueToTree(value);
  }

  private static String pretty(JsonNode json) {
    return json.toPrettyString() + "\n";
  }
}
