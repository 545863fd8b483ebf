package babelmux.worker.api;

import babelmux.hooks.InvalidBody;
import babelmux.hooks.JsonBody;
import babelmux.hooks.PathPattern;
import babelmux.hooks.Printable;
import babelmux.hooks.TestStreams;
import babelmux.worker.sources.InvalidSource;
import babelmux.worker.sources.SourceUrl;
import babelmux.worker.streams.StreamRequest;
import java.util.Set;

/** The body of {@code POST /v1/streams} to a {@link StreamRequest}. Stateless. */
final class StreamRequestParser {

  private static final String ID = "streamId";
  private static final String SOURCE = "sourceUrl";
  private static final String EXPECTED =
      "expected one JSON object {\"" + ID + "\", \"" + SOURCE + "\"}";

  private StreamRequestParser() {}

  /**
   * @throws InvalidBody with the detail for a 422; a URL in it is redacted
   */
  static StreamRequest parse(byte[] body) {
    JsonBody json = JsonBody.parse(body, EXPECTED);
    json.requireOnly(Set.of(ID, SOURCE));
    String id = json.requireText(ID);
    if (!PathPattern.isStreamId(id)) {
      throw new InvalidBody(
          "%s: %s: expected %s".formatted(ID, Printable.quote(id), PathPattern.STREAM_ID));
    }
    if (TestStreams.isReserved(id)) {
      throw new InvalidBody(
          "%s: %s: expected another one: %s... is kept for doctor"
              .formatted(ID, Printable.quote(id), TestStreams.PREFIX));
    }
    String source = json.requireText(SOURCE);
    try {
      return new StreamRequest(id, SourceUrl.parse(source));
    } catch (InvalidSource e) {
      throw new InvalidBody(SOURCE + ": " + e.getMessage());
    }
  }
}
