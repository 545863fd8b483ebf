package babelmux.hooks;

import java.util.UUID;

/** A hook's request body to a {@link SourceEvent}. Stateless. */
final class EventParser {

  private static final String EXPECTED =
      "expected one JSON object {\"path\", \"sourceType\", \"sourceId\", \"query\"}";
  private static final int MAX_WORD_LENGTH = 128;

  private final PathPattern paths;

  EventParser(PathPattern paths) {
    this.paths = paths;
  }

  /**
   * @throws InvalidBody with the detail for a 422
   */
  SourceEvent parse(byte[] body) {
    JsonBody json = JsonBody.parse(body, EXPECTED);
    String path = word(json, "path", "path");
    PathPattern.StreamPath stream =
        paths
            .match(path)
            .orElseThrow(
                () ->
                    new InvalidBody(
                        "path: %s: expected a stream's path, matching %s (or its /out), the stream id %s"
                            .formatted(Printable.quote(path), paths, PathPattern.STREAM_ID)));
    String sourceType = word(json, "sourceType", "source_type");
    String correlationId = json.text("correlation_id", "correlationId");
    return new SourceEvent(
        path,
        stream.streamId(),
        stream.direction(),
        sourceType,
        isPulled(sourceType) ? optionalWord(json) : word(json, "sourceId", "source_id"),
        query(json),
        correlationId == null || correlationId.isEmpty()
            ? UUID.randomUUID().toString()
            : checked("correlation_id", correlationId));
  }

  /** Sources that MediaMTX pulls itself (rtspSource, hlsSource...) have an empty id. */
  private static boolean isPulled(String sourceType) {
    return sourceType.endsWith("Source") || sourceType.equals("redirect");
  }

  private static String optionalWord(JsonBody json) {
    String id = json.text("sourceId", "source_id");
    return id == null || id.isEmpty() ? "" : checked("sourceId", id);
  }

  private static String query(JsonBody json) {
    String query = json.text("query", "query");
    return query == null ? "" : QueryText.decodeOnce(query);
  }

  private static String word(JsonBody json, String name, String synonym) {
    String value = json.text(name, synonym);
    if (value == null) {
      throw new InvalidBody(name + ": missing: expected a non-empty string");
    }
    return checked(name, value);
  }

  private static String checked(String name, String value) {
    boolean path = name.equals("path");
    if (value.isBlank() || !value.codePoints().allMatch(Printable::isVisible)) {
      throw new InvalidBody(
          "%s: %s: expected a non-empty string without control characters"
              .formatted(name, Printable.quote(value)));
    }
    if (!path && value.length() > MAX_WORD_LENGTH) {
      throw new InvalidBody(
          "%s: %s: expected at most %d characters"
              .formatted(name, Printable.quote(value), MAX_WORD_LENGTH));
    }
    return value;
  }
}
