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
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request's body: one JSON object in UTF-8, without doubled names. Immutable. */
public final class JsonBody {

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

  private final JsonNode json;

  private JsonBody(JsonNode json) {
    this.json = json;
  }

  /**
   * Reads a body.
   *
   * @param expected the form of the object, for messages
   * @throws InvalidBody if it is none
   */
  public static JsonBody parse(byte[] body, String expected) {
    JsonNode json;
    try {
      json =
          JSON.readTree(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      throw new InvalidBody("body: not UTF-8: " + expected);
    } catch (JsonProcessingException e) {
      throw new InvalidBody(
          "body: not valid JSON (%s): %s"
              .formatted(Printable.escape(gist(e.getOriginalMessage())), expected));
    }
    if (!json.isObject()) {
      throw new InvalidBody("body: %s: %s".formatted(describe(json), expected));
    }
    return new JsonBody(json);
  }

  /** The parser's message without its advice. */
  private static String gist(String message) {
    return message.split("[:\n]", 2)[0];
  }

  /**
   * @throws InvalidBody if the object has another field
   */
  public void requireOnly(Set<String> names) {
    for (Iterator<String> fields = json.fieldNames(); fields.hasNext(); ) {
      String name = fields.next();
      if (!names.contains(name)) {
        throw new InvalidBody(
            "%s: unknown field: expected one of %s"
                .formatted(
                    Printable.quote(name), String.join(", ", names.stream().sorted().toList())));
      }
    }
  }

  /**
   * The text of a field that has to be there.
   *
   * @throws InvalidBody if it is missing or no string
   */
  public String requireText(String name) {
    String value = text(name, name);
    if (value == null) {
      throw new InvalidBody(name + ": missing: expected a non-empty string");
    }
    return value;
  }

  /**
   * The value of a field that has to be there.
   *
   * @throws InvalidBody if it is missing or neither true nor false
   */
  public boolean requireBoolean(String name) {
    JsonNode value = json.path(name);
    if (!value.isBoolean()) {
      throw new InvalidBody(
          "%s: %s: expected true or false"
              .formatted(name, value.isMissingNode() ? "missing" : describe(value)));
    }
    return value.booleanValue();
  }

  /**
   * A whole number; null when it is missing or null.
   *
   * @param expected for messages
   * @throws InvalidBody if it is anything else, or has more than 64 bits
   */
  public @Nullable Long integer(String name, String expected) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new InvalidBody("%s: %s: expected %s".formatted(name, describe(value), expected));
    }
    return value.longValue();
  }

  /** The text of a field with two names; null when it is missing or null. */
  @Nullable String text(String name, String synonym) {
    JsonNode value = json.path(name);
    JsonNode other = json.path(synonym);
    if (!value.isMissingNode() && !other.isMissingNode() && !value.equals(other)) {
      throw new InvalidBody(
          "%s: %s, but %s: %s: expected one of the two names"
              .formatted(name, describe(value), synonym, describe(other)));
    }
    JsonNode given = value.isMissingNode() ? other : value;
    if (given.isMissingNode() || given.isNull()) {
      return null;
    }
    if (!given.isTextual()) {
      throw new InvalidBody("%s: %s: expected a string".formatted(name, describe(given)));
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
