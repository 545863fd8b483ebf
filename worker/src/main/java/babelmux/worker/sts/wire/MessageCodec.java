package babelmux.worker.sts.wire;

import babelmux.media.Secrets;
import babelmux.worker.sts.BackpressureAction;
import babelmux.worker.sts.BackpressureSeverity;
import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.wire.ServerMessage.DubbedAudio;
import babelmux.worker.sts.wire.ServerMessage.FragmentProcessed;
import babelmux.worker.sts.wire.ServerMessage.Malformed;
import babelmux.worker.sts.wire.ServerMessage.Status;
import babelmux.worker.sts.wire.ServerMessage.StsError;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Base64;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** JSON in and out: strict on sending, tolerant on receipt, both shapes seen in the field. */
public final class MessageCodec {
  private static final int MAX_NESTING = 32;
  private static final int MAX_ID = 256;
  private static final int MAX_TEXT = 16_384;
  private static final byte[] NO_BYTES = {};

  private final JsonMapper mapper;

  /**
   * A codec that refuses documents longer than this.
   *
   * @param maxChars longest document
   */
  public MessageCodec(int maxChars) {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_NESTING)
                    .maxStringLength(maxChars)
                    .maxDocumentLength(maxChars)
                    .maxNumberLength(40)
                    .maxNameLength(MAX_ID)
                    .build())
            .build();
    this.mapper =
        JsonMapper.builder(factory)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
  }

  /** The payload of an event. */
  public String encode(ClientMessage message) {
    try {
      return mapper.writeValueAsString(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + message.event(), e);
    }
  }

  /**
   * Reads a Socket.IO event, {@code ["name", {...}]}. Never throws for what it is given; sound in
   * it is decoded from base64.
   */
  public ServerMessage decode(String event) {
    JsonNode array;
    try {
      array = mapper.readTree(event);
    } catch (JsonProcessingException e) {
      return new Malformed(
          ProtocolViolation.MALFORMED_MESSAGE,
          "no JSON: " + Secrets.mask(String.valueOf(e.getOriginalMessage())));
    }
    if (!array.isArray() || !array.path(0).isTextual()) {
      return new Malformed(ProtocolViolation.MALFORMED_MESSAGE, "no event name");
    }
    String name = array.path(0).textValue();
    Fields fields = new Fields(array.path(1));
    return switch (name) {
      case "stream:ready" ->
          new ServerMessage.StreamReady(
              Secrets.mask(cut(fields.text("session_id"), MAX_ID)),
              fields.smallInteger("max_inflight"));
      case "fragment:ack" -> withFragment(name, fields, ServerMessage.FragmentAcked::new);
      case "fragment:processed" -> withFragment(name, fields, id -> processed(id, fields));
      case "stream:complete" -> complete(fields);
      case "backpressure" ->
          new ServerMessage.Backpressure(
              action(fields.text("action")),
              severity(fields.text("severity")),
              fields.integer("recommended_delay_ms"));
      case "error" ->
          fields.node().isObject()
              ? error(fields)
              : new Malformed(ProtocolViolation.MALFORMED_MESSAGE, "error: no object");
      default -> new ServerMessage.Unknown(cut(name, 64));
    };
  }

  private interface OfFragment {
    ServerMessage read(String fragmentId);
  }

  private static ServerMessage withFragment(String event, Fields fields, OfFragment reader) {
    String id = fields.text("fragment_id");
    if (id.isEmpty() || id.length() > MAX_ID) {
      return new Malformed(
          ProtocolViolation.MALFORMED_MESSAGE,
          "%s: fragment_id has %d characters, expected 1 to %d"
              .formatted(event, id.length(), MAX_ID));
    }
    return reader.read(id);
  }

  private static FragmentProcessed processed(String id, Fields fields) {
    StsError error = fields.node().path("error").isObject() ? error(fields.object("error")) : null;
    return new FragmentProcessed(
        id,
        cut(fields.text("stream_id"), MAX_ID),
        fields.smallInteger("sequence_number"),
        status(fields.text("status")),
        audio(fields.node().path("dubbed_audio")),
        cutOrNull(fields.textOrNull("transcript")),
        cutOrNull(fields.textOrNull("translated_text")),
        error);
  }

  private static Status status(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "success" -> Status.SUCCESS;
      case "partial" -> Status.PARTIAL;
      default -> Status.FAILED;
    };
  }

  /** Unknown words mean the mildest request. */
  private static BackpressureAction action(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "pause" -> BackpressureAction.PAUSE;
      case "none" -> BackpressureAction.NONE;
      default -> BackpressureAction.SLOW_DOWN;
    };
  }

  /** Unknown words are taken as medium. */
  private static BackpressureSeverity severity(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "low" -> BackpressureSeverity.LOW;
      case "high" -> BackpressureSeverity.HIGH;
      default -> BackpressureSeverity.MEDIUM;
    };
  }

  private static @Nullable DubbedAudio audio(JsonNode node) {
    if (node.isTextual()) {
      return decoded(node.textValue(), new Fields(node));
    }
    if (!node.isObject()) {
      return null;
    }
    Fields fields = new Fields(node);
    String base64 = fields.textOrNull("data_base64");
    return base64 == null ? unusable("dubbed_audio has no data_base64") : decoded(base64, fields);
  }

  private static DubbedAudio decoded(String base64, Fields fields) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return unusable("data_base64 is no base64: " + e.getMessage());
    }
    if (bytes.length == 0) {
      return unusable("dubbed_audio is empty");
    }
    return new DubbedAudio(
        bytes,
        cut(fields.text("format"), 32).toLowerCase(Locale.ROOT),
        fields.within("sample_rate_hz", 1_000, 384_000),
        fields.within("channels", 1, 64),
        fields.within("duration_ms", 1, 600_000),
        null);
  }

  private static DubbedAudio unusable(String problem) {
    return new DubbedAudio(NO_BYTES, "", 0, 0, 0, problem);
  }

  private static ServerMessage complete(Fields fields) {
    OptionalLong total = fields.integer("total_fragments");
    return new ServerMessage.StreamComplete(
        total.isPresent() ? total : fields.object("statistics").integer("total_fragments"));
  }

  /** An error event, the error of an answer, or what a refused connection says. */
  private static StsError error(Fields fields) {
    String id = fields.textOrNull("fragment_id");
    return new StsError(
        cut(fields.text("code"), 64),
        cut(fields.text("message"), 500),
        fields.boolOrNull("retryable"),
        id == null || id.isEmpty() ? null : cut(id, MAX_ID),
        retryAfter(fields.object("details")));
  }

  private static OptionalLong retryAfter(Fields details) {
    OptionalInt seconds = details.smallInteger("retry_after_seconds");
    return seconds.isPresent() && seconds.getAsInt() >= 0
        ? OptionalLong.of(seconds.getAsInt() * 1_000L)
        : OptionalLong.empty();
  }

  private static @Nullable String cutOrNull(@Nullable String text) {
    return text == null ? null : cut(text, MAX_TEXT);
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }
}
