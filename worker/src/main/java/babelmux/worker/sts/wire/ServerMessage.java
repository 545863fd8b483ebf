package babelmux.worker.sts.wire;

import babelmux.media.Secrets;
import babelmux.worker.sts.BackpressureAction;
import babelmux.worker.sts.BackpressureSeverity;
import babelmux.worker.sts.ProtocolViolation;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Message of a service, brought into one shape. */
public sealed interface ServerMessage {

  /** The session exists. */
  record StreamReady(String sessionId, OptionalInt maxInflight) implements ServerMessage {}

  /** A fragment has arrived there. */
  record FragmentAcked(String fragmentId) implements ServerMessage {}

  /** Status of an answer: whether it claims to carry a dub. */
  enum Status {
    SUCCESS,
    PARTIAL,
    FAILED
  }

  /**
   * A fragment's answer.
   *
   * @param streamId empty if missing
   * @param sequenceNumber empty if missing
   * @param audio null if there is none
   * @param error null unless it failed and says why
   */
  record FragmentProcessed(
      String fragmentId,
      String streamId,
      OptionalInt sequenceNumber,
      Status status,
      @Nullable DubbedAudio audio,
      @Nullable String transcript,
      @Nullable String translatedText,
      @Nullable StsError error)
      implements ServerMessage {}

  /**
   * Sound as received.
   *
   * @param bytes empty when it could not be used
   * @param problem why it cannot be used; null when it can
   */
  @SuppressWarnings("ArrayRecordComponent") // handed through, never compared
  record DubbedAudio(
      byte[] bytes,
      String format,
      int sampleRateHz,
      int channels,
      int durationMs,
      @Nullable String problem) {}

  /** The session has ended. */
  record StreamComplete(OptionalLong totalFragments) implements ServerMessage {}

  /** Another pace is asked for. */
  record Backpressure(
      BackpressureAction action, BackpressureSeverity severity, OptionalLong delayMillis)
      implements ServerMessage {}

  /**
   * A refusal, of a fragment or of the stream.
   *
   * @param code as sent, empty if missing
   * @param retryable null if it does not say
   * @param fragmentId null if it does not say
   * @param retryAfterMillis from {@code details.retry_after_seconds}
   */
  record StsError(
      String code,
      String message,
      @Nullable Boolean retryable,
      @Nullable String fragmentId,
      OptionalLong retryAfterMillis)
      implements ServerMessage {

    /** Code and message, without secrets and shortened for a log line. */
    public String text() {
      String all = Secrets.mask(message.isEmpty() ? code : code + ": " + message);
      return all.length() <= 200 ? all : all.substring(0, 200) + "...";
    }
  }

  /** An event of another name. */
  record Unknown(String event) implements ServerMessage {}

  /** Something that cannot be understood. */
  record Malformed(ProtocolViolation kind, String detail) implements ServerMessage {}
}
