package babelmux.worker.api;

import babelmux.hooks.InvalidBody;
import babelmux.hooks.JsonBody;
import babelmux.worker.streams.BypassRequest;
import java.util.Set;

/** The body of {@code POST /v1/streams/{id}/bypass} to a {@link BypassRequest}. Stateless. */
final class BypassRequestParser {

  private static final String BYPASS = "bypass";
  private static final String AT = "at";

  private BypassRequestParser() {}

  /**
   * @throws InvalidBody with the detail for a 422
   */
  static BypassRequest parse(byte[] body) {
    JsonBody json =
        JsonBody.parse(body, "expected one JSON object {\"" + BYPASS + "\": true or false}");
    json.requireOnly(Set.of(BYPASS, AT));
    return new BypassRequest(
        json.requireBoolean(BYPASS), json.integer(AT, "a whole number of milliseconds"));
  }
}
