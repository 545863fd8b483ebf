package babelmux.worker.api;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the body of a refusal: problem details (RFC 9457) under {@code /v1}, a plain JSON object
 * elsewhere. Both have {@code error} for programs and {@code detail} for people. Hooks are refused
 * in the form that their contract has, which is made elsewhere. Stateless.
 */
final class Refusals {

  private static final String PROBLEMS = "/v1/";
  private static final String HOOKS = "/v1/mediamtx/";

  private Refusals() {}

  /** A refusal of an endpoint under {@code /v1}. */
  static Answer problem(ProblemType type, String detail) {
    return problem(type, detail, null);
  }

  /**
   * A refusal, in the form that its path has.
   *
   * @param path normalized, or as the request has it where that is impossible
   * @param detail one sentence, without a secret
   */
  static Answer of(String path, ProblemType type, String detail) {
    return hasProblems(path) ? problem(type, detail) : plain(type, detail);
  }

  /**
   * As {@link #of(String, ProblemType, String)}, with a name of the occurrence where the form has
   * room for one.
   *
   * @param instance a URI that the log has, too
   */
  static Answer of(String path, ProblemType type, String detail, String instance) {
    return hasProblems(path) ? problem(type, detail, instance) : plain(type, detail);
  }

  private static boolean hasProblems(String path) {
    return path.startsWith(PROBLEMS) && !path.startsWith(HOOKS);
  }

  private static Answer problem(ProblemType type, String detail, @Nullable String instance) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", type.uri());
    body.put("title", type.title());
    body.put("status", type.status());
    body.put("detail", detail);
    if (instance != null) {
      body.put("instance", instance);
    }
    body.put("error", type.code());
    body.put("code", type.code());
    return new Answer(type.status(), Answer.PROBLEM, Json.of(body));
  }

  private static Answer plain(ProblemType type, String detail) {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("error", type.code());
    body.put("detail", detail);
    return Answer.json(type.status(), body);
  }
}
