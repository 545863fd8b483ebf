package babelmux.worker.sts.link;

import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.wire.ServerMessage.StsError;
import java.util.Map;

/** The error codes in the field and what each means for a client. */
enum StsErrorCode {
  AUTH_FAILED(ErrorAction.GIVE_UP, false, Counts.NEVER),
  STREAM_NOT_FOUND(ErrorAction.SESSION_GONE, false, Counts.NEVER),
  STREAM_NOT_READY(ErrorAction.SESSION_GONE, true, Counts.NEVER),
  STREAM_PAUSED(ErrorAction.RESUME_AND_RETRY, true, Counts.NEVER),
  INVALID_CONFIG(ErrorAction.RESTART_SESSION, false, Counts.NEVER),
  INVALID_VOICE_PROFILE(ErrorAction.RESTART_SESSION, false, Counts.NEVER),
  UNSUPPORTED_LANGUAGE(ErrorAction.RESTART_SESSION, false, Counts.NEVER),
  FRAGMENT_TOO_LARGE(ErrorAction.RESTART_SESSION, false, Counts.NEVER),
  MALFORMED_DATA(ErrorAction.RESTART_SESSION, false, Counts.NEVER),
  INVALID_SEQUENCE(ErrorAction.RESTART_SESSION, false, Counts.NEVER),
  INVALID_AUDIO_FORMAT(ErrorAction.FALL_BACK, false, Counts.NEVER),
  QUEUE_FULL(ErrorAction.PAUSE_AND_RETRY, true, Counts.ALWAYS),
  BACKPRESSURE_EXCEEDED(ErrorAction.RETRY_WHEN_LESS, true, Counts.ALWAYS),
  RATE_LIMIT(ErrorAction.DELAY_AND_RETRY, true, Counts.ALWAYS),
  TIMEOUT(ErrorAction.FALL_BACK, true, Counts.ALWAYS),
  MODEL_ERROR(ErrorAction.FALL_BACK, true, Counts.ALWAYS),
  GPU_OOM(ErrorAction.FALL_BACK, true, Counts.ALWAYS),
  TRANSLATION_API_UNAVAILABLE(ErrorAction.FALL_BACK, true, Counts.ALWAYS),
  ASR_FAILED(ErrorAction.FALL_BACK, false, Counts.IF_RETRYABLE),
  TRANSLATION_FAILED(ErrorAction.FALL_BACK, false, Counts.IF_RETRYABLE),
  TTS_SYNTHESIS_FAILED(ErrorAction.FALL_BACK, false, Counts.NEVER),
  DURATION_MISMATCH_EXCEEDED(ErrorAction.FALL_BACK, false, Counts.NEVER),
  PROCESSING_ERROR(ErrorAction.FALL_BACK, true, Counts.ALWAYS),
  /** Any other. */
  UNKNOWN(ErrorAction.FALL_BACK, false, Counts.IF_RETRYABLE);

  /** Condition under which the circuit breaker counts it. */
  private enum Counts {
    NEVER,
    IF_RETRYABLE,
    ALWAYS
  }

  private static final Map<String, StsErrorCode> SYNONYMS =
      Map.of(
          "RATE_LIMIT_EXCEEDED", RATE_LIMIT,
          "UNSUPPORTED_LANGUAGE_PAIR", UNSUPPORTED_LANGUAGE,
          "SYNTHESIS_FAILED", TTS_SYNTHESIS_FAILED,
          "DURATION_MISMATCH", DURATION_MISMATCH_EXCEEDED);

  private final ErrorAction action;
  private final boolean retryable;
  private final Counts counts;

  StsErrorCode(ErrorAction action, boolean retryable, Counts counts) {
    this.action = action;
    this.retryable = retryable;
    this.counts = counts;
  }

  static StsErrorCode of(String code) {
    for (StsErrorCode known : values()) {
      if (known.name().equals(code)) {
        return known;
      }
    }
    return SYNONYMS.getOrDefault(code, UNKNOWN);
  }

  ErrorAction action() {
    return action;
  }

  /** Tells whether to try again: what was sent, else what the code usually means. */
  boolean mayRetry(StsError error) {
    return error.retryable() == null ? retryable : error.retryable();
  }

  boolean countsForBreaker(boolean asSent) {
    return counts == Counts.ALWAYS || (counts == Counts.IF_RETRYABLE && asSent);
  }

  /** Reason why a segment that failed with it fell back to original audio. */
  FallbackReason reason() {
    boolean busy = this == QUEUE_FULL || this == BACKPRESSURE_EXCEEDED || this == RATE_LIMIT;
    return busy ? FallbackReason.OVERLOAD : FallbackReason.ERROR;
  }

  /** True when only a stream:init can be refused with it. */
  boolean onlyAtInit() {
    return this == INVALID_VOICE_PROFILE || this == UNSUPPORTED_LANGUAGE;
  }

  /** True when, in answer to stream:init, it refuses the stream and not the moment. */
  boolean refusesStream() {
    return this == AUTH_FAILED
        || this == INVALID_CONFIG
        || this == INVALID_VOICE_PROFILE
        || this == UNSUPPORTED_LANGUAGE;
  }
}
