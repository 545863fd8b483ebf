package babelmux.stsecho.protocol;

import babelmux.stsecho.protocol.Messages.EchoError;
import babelmux.stsecho.protocol.Messages.FullError;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** An {@code error} event before it takes the shape of a dialect. */
record Refusal(String code, String message, String severity, boolean retryable) {

  static Refusal invalid(BadPayload problem) {
    return new Refusal("INVALID_CONFIG", String.valueOf(problem.getMessage()), "error", false);
  }

  static Refusal malformed(Dialect dialect, BadPayload problem) {
    String code = dialect == Dialect.FULL ? "MALFORMED_DATA" : "INVALID_CONFIG";
    return new Refusal(code, String.valueOf(problem.getMessage()), "error", false);
  }

  static Refusal noSession(Dialect dialect) {
    return dialect == Dialect.FULL
        ? new Refusal("STREAM_NOT_READY", "send stream:init first", "warning", true)
        : new Refusal("STREAM_NOT_FOUND", "no active session", "error", false);
  }

  static Refusal paused(Dialect dialect) {
    return dialect == Dialect.FULL
        ? new Refusal("STREAM_PAUSED", "the stream is paused", "warning", true)
        : new Refusal("STREAM_NOT_FOUND", "the stream is paused", "error", false);
  }

  static Refusal tooLarge(int characters) {
    return new Refusal(
        "FRAGMENT_TOO_LARGE",
        "audio.data_base64: %d characters, at most %d"
            .formatted(characters, FragmentData.MAX_BASE64),
        "error",
        false);
  }

  static Refusal queueFull(int limit) {
    return new Refusal(
        "QUEUE_FULL", "%d fragments wait for their answer".formatted(limit), "warning", true);
  }

  ObjectNode json(Dialect dialect, @Nullable String streamId, @Nullable String fragmentId) {
    return Messages.json(
        dialect == Dialect.FULL
            ? new FullError(code, message, retryable, null, null)
            : new EchoError(null, streamId, fragmentId, code, message, severity, retryable, null));
  }
}
