package babelmux.stsecho.protocol;

import babelmux.stsecho.payload.BadPayload;

/** An {@code error} event before it takes the shape of a dialect. */
record Refusal(String code, String message, String severity, boolean retryable) {

  static Refusal invalid(BadPayload problem) {
    return new Refusal("INVALID_CONFIG", problem.reason(), "error", false);
  }

  static Refusal malformed(Dialect dialect, BadPayload problem) {
    String code = dialect == Dialect.FULL ? "MALFORMED_DATA" : "INVALID_CONFIG";
    return new Refusal(code, problem.reason(), "error", false);
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

  static Refusal queueFull(int waiting) {
    return new Refusal(
        "QUEUE_FULL", "%d fragments wait for their answer".formatted(waiting), "warning", true);
  }
}
