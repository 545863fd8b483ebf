package babelmux.stsecho.protocol;

import babelmux.stsecho.protocol.Messages.DurationMetadata;
import babelmux.stsecho.protocol.Messages.Failure;
import babelmux.stsecho.protocol.Messages.FragmentProcessed;
import babelmux.stsecho.protocol.Messages.ModelMetadata;
import babelmux.stsecho.protocol.Messages.StageTimings;
import babelmux.stsecho.voice.FragmentAudio;
import babelmux.stsecho.voice.Spoken;
import babelmux.stsecho.voice.VoiceException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The result of one fragment, before it is sent. */
record Answer(
    FragmentData fragment, @Nullable Spoken spoken, @Nullable Failure failure, long arrivedNanos) {

  static Answer spoken(FragmentData fragment, Spoken spoken, long arrivedNanos) {
    return new Answer(fragment, spoken, null, arrivedNanos);
  }

  static Answer failed(FragmentData fragment, Failure failure, long arrivedNanos) {
    return new Answer(fragment, null, failure, arrivedNanos);
  }

  static Answer unspoken(FragmentData fragment, Throwable problem, long arrivedNanos) {
    Throwable cause =
        problem instanceof CompletionException && problem.getCause() != null
            ? problem.getCause()
            : problem;
    Failure failure =
        cause instanceof VoiceException
            ? new Failure("INVALID_AUDIO_FORMAT", String.valueOf(cause.getMessage()), "asr", false)
            : new Failure("PROCESSING_ERROR", cause.toString(), null, true);
    return failed(fragment, failure, arrivedNanos);
  }

  int sequence() {
    return fragment.sequenceNumber();
  }

  String status() {
    return failure == null ? "success" : "failed";
  }

  ObjectNode json(Dialect dialect, long processingMs) {
    return Messages.json(
        new FragmentProcessed(
            fragment.fragmentId(),
            fragment.streamId(),
            fragment.sequenceNumber(),
            status(),
            spoken == null ? null : spoken.audio(),
            spoken == null ? null : spoken.transcript(),
            spoken == null ? null : spoken.translation(),
            processingMs,
            new StageTimings(0, 0, 0),
            failure,
            metadata(dialect)));
  }

  private @Nullable Record metadata(Dialect dialect) {
    if (dialect == Dialect.ECHO) {
      return new ModelMetadata("echo", "echo", "echo", null);
    }
    FragmentAudio dub = spoken == null ? null : spoken.audio();
    if (dub == null) {
      return null;
    }
    int original = fragment.audio().durationMs();
    double ratio = dub.durationMs() == 0 ? 1 : original / (double) dub.durationMs();
    double variance = original == 0 ? 0 : 100.0 * Math.abs(dub.durationMs() - original) / original;
    return new DurationMetadata(
        original, dub.durationMs(), variance, Math.min(2, Math.max(0.5, ratio)));
  }
}
