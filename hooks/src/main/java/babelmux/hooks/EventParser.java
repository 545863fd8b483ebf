package babelmux.hooks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A hook's request body to a {@link SourceEvent}. Stateless. */
final class EventParser {

  private static final String EXPECTED =
      "expected one JSON object {\"path\", \"sourceType\", \"sourceId\", \"query\"}";
  private static final int MAX_WORD_LENGTH = 128;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(8)
                          .maxNumberLength(64)
                          .maxNameLength(256)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final PathPattern paths;

  EventParser(PathPattern paths) {
    this.paths = paths;
  }

  /**
   * @throws InvalidEvent with the detail for a 422
   */
  SourceEvent parse(byte[] body) {
    JsonNode json = object(body);
    String path = word(json, "path", "path");
    PathPattern.StreamPath stream =
        paths
            .match(path)
            .orElseThrow(
                () ->
                    new InvalidEvent(
                        "path: %s: expected a stream's path, matching %s (or its /out), the stream id %s"
                            .formatted(Printable.quote(path), paths, PathPattern.STREAM_ID)));
    String sourceType = word(json, "sourceType", "source_type");
    String correlationId = text(json, "correlation_id", "correlationId");
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

  private static String optionalWord(JsonNode json) {
    String id = text(json, "sourceId", "source_id");
    return id == null || id.isEmpty() ? "" : checked("sourceId", id);
  }

  private static String query(JsonNode json) {
    String query = text(json, "query", "query");
    return query == null ? "" : QueryText.decodeOnce(query);
  }

  private static JsonNode object(byte[] body) {
    JsonNode json;
    try {
      json =
          JSON.readTree(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      throw new InvalidEvent("body: not UTF-8: " + EXPECTED);
    } catch (JsonProcessingException e) {
      throw new InvalidEvent(
          "body: not valid JSON (%s): %s"
              .formatted(Printable.escape(gist(e.getOriginalMessage())), EXPECTED));
    }
    if (!json.isObject()) {
      throw new InvalidEvent("body: %s: %s".formatted(describe(json), EXPECTED));
    }
    return json;
  }

  /** The parser's message without its advice. */
  private static String gist(String message) {
    return message.split("[:\n]", 2)[0];
  }

  private static String word(JsonNode json, String name, String synonym) {
    String value = text(json, name, synonym);
    if (value == null) {
      throw new InvalidEvent(name + ": missing: expected a non-empty string");
    }
    return checked(name, value);
  }

  private static String checked(String name, String value) {
    boolean path = name.equals("path");
    if (value.isBlank() || !value.codePoints().allMatch(Printable::isVisible)) {
      throw new InvalidEvent(
          "%s: %s: expected a non-empty string without control characters"
              .formatted(name, Printable.quote(value)));
    }
    if (!path && value.length() > MAX_WORD_LENGTH) {
      throw new InvalidEvent(
          "%s: %s: expected at most %d characters"
              .formatted(name, Printable.quote(value), MAX_WORD_LENGTH));
    }
    return value;
  }

  private static @Nullable String text(JsonNode json, String name, String synonym) {
    JsonNode value = json.path(name);
    JsonNode other = json.path(synonym);
    if (!value.isMissingNode() && !other.isMissingNode() && !value.equals(other)) {
      throw new InvalidEvent(
          "%s: %s, but %s: %s: expected one of the two names"
              .formatted(name, describe(value), synonym, describe(other)));
    }
    JsonNode given = value.isMissingNode() ? other : value;
    if (given.isMissingNode() || given.isNull()) {
      return null;
    }
    if (!given.isTextual()) {
      throw new InvalidEvent("%s: %s: expected a string".formatted(name, describe(given)));
    }
    return given.textValue();
  }

  private static String describe(JsonNode json) {
    return switch (json.getNodeType()) {
      case MISSING -> "empty";
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> Printable.quote(json.textValue());
      default -> Printable.escape(json.asText());
    };
  }
}
