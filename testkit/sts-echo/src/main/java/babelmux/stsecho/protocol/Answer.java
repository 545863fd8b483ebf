package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.FragmentFate;
import babelmux.stsecho.protocol.Messages.Failure;
import babelmux.stsecho.voice.VoiceException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The result of one fragment, before it is sent: either what was said or why nothing was. */
record Answer(
    FragmentData fragment,
    FragmentFate fate,
    @Nullable EncodedSynthesis encodedSynthesis,
    @Nullable Failure failure,
    long arrivedNanos) {

  static Answer of(
      FragmentData fragment,
      FragmentFate fate,
      @Nullable EncodedSynthesis encodedSynthesis,
      @Nullable Throwable problem,
      long arrivedNanos) {
    return new Answer(
        fragment, fate, encodedSynthesis, problem == null ? null : failure(problem), arrivedNanos);
  }

  private static Failure failure(Throwable problem) {
    Throwable cause =
        problem instanceof CompletionException && problem.getCause() != null
            ? problem.getCause()
            : problem;
    return cause instanceof VoiceException
        ? new Failure("INVALID_AUDIO_FORMAT", String.valueOf(cause.getMessage()), "asr", false)
        : new Failure("PROCESSING_ERROR", cause.toString(), null, true);
  }

  int sequence() {
    return fragment.sequenceNumber();
  }

  String status() {
    return failure == null ? "success" : "failed";
  }
}
