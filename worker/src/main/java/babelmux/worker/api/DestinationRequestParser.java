package babelmux.worker.api;

import babelmux.hooks.InvalidBody;
import babelmux.hooks.JsonBody;
import babelmux.hooks.Printable;
import babelmux.worker.config.DestinationName;
import babelmux.worker.destinations.DestinationUrl;
import babelmux.worker.hosts.HostNotAllowed;
import babelmux.worker.sources.InvalidSource;
import babelmux.worker.streams.DestinationRequest;
import java.util.Set;

/** The body of {@code POST /v1/streams/{id}/destinations} to a {@link DestinationRequest}. */
final class DestinationRequestParser {

  private static final String NAME = "name";
  private static final String URL = "url";
  private static final String EXPECTED =
      "expected one JSON object {\"" + NAME + "\", \"" + URL + "\"}";

  private DestinationRequestParser() {}

  /**
   * Reads a body.
   *
   * @throws InvalidBody with the detail for a 422; a URL in it is redacted
   * @throws HostNotAllowed for a file
   */
  static DestinationRequest parse(String streamId, byte[] body) throws HostNotAllowed {
    JsonBody json = JsonBody.parse(body, EXPECTED);
    json.requireOnly(Set.of(NAME, URL));
    String name = json.requireText(NAME);
    if (!DestinationName.isGood(name)) {
      throw new InvalidBody(
          "%s: %s: expected %s".formatted(NAME, Printable.quote(name), DestinationName.EXPECTED));
    }
    try {
      return new DestinationRequest(streamId, name, DestinationUrl.parse(json.requireText(URL)));
    } catch (InvalidSource e) {
      throw new InvalidBody(URL + ": " + e.getMessage());
    }
  }
}
