package babelmux.worker.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The worker's readiness for new streams, and what is down around it.
 *
 * @param refusals why no new stream is accepted, such as {@code draining}; empty when ready
 * @param degraded parts around the worker that are down, and what new streams are refused for just
 *     now; never a reason not to be ready
 */
public record Readiness(List<String> refusals, List<Degraded> degraded) {

  /** Components of what may be wrong. */
  public static final List<String> COMPONENTS =
      List.of(
          "admission",
          "certificate",
          "destination",
          "mediamtx-api",
          "posted",
          "recording",
          "restore",
          "state-dir",
          "sts");

  /** Ready, everything well. */
  public static final Readiness READY = new Readiness(List.of(), List.of());

  public Readiness {
    refusals = List.copyOf(refusals);
    degraded = List.copyOf(degraded);
  }

  /**
   * A part that does not work.
   *
   * @param component one of {@link #COMPONENTS}
   * @param reason one sentence, redacted
   * @param code doctor's code of the fault, such as {@code BMX-203}; null when it has none
   */
  public record Degraded(
      String component,
      String reason,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String code) {
    /** One for which doctor has no code. */
    public Degraded(String component, String reason) {
      this(component, reason, null);
    }
  }

  /** The body of {@code GET /health/ready}. */
  public Map<String, Object> shown() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status());
    body.put("refusals", refusals);
    body.put("degraded", degraded);
    return body;
  }

  /** Returns whether new streams are accepted. */
  public boolean isReady() {
    return refusals.isEmpty();
  }

  String status() {
    if (!isReady()) {
      return "not_ready";
    }
    return degraded.isEmpty() ? "ready" : "degraded";
  }
}
