package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.Fault;
import babelmux.stsecho.voice.AudioMode;
import babelmux.stsecho.voice.Synthesis;
import babelmux.stsecho.voice.SynthesisRequest;
import babelmux.stsecho.voice.Voice;
import babelmux.stsecho.voice.VoiceException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Lets the voice of one session speak on a pool, one fragment after the other. */
final class Speaker {
  private final Voice voice;
  private final Executor pool;
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

  Speaker(Voice voice, Executor pool) {
    this.voice = voice;
    this.pool = pool;
  }

  /**
   * Fails with {@link VoiceException} inside, or with the pool's refusal when it is full.
   *
   * @param form in which the audio goes out; null for as it is
   */
  CompletionStage<EncodedSynthesis> speak(
      SynthesisRequest synthesisRequest, Fault.@Nullable Audio form) {
    CompletableFuture<EncodedSynthesis> encodedSynthesis =
        last.handle((ignored, failure) -> synthesisRequest)
            .thenApplyAsync(next -> say(next, form), pool);
    last = encodedSynthesis;
    return encodedSynthesis;
  }

  private EncodedSynthesis say(SynthesisRequest synthesisRequest, Fault.@Nullable Audio form) {
    try {
      Synthesis synthesis = voice.speak(synthesisRequest);
      AudioMode mode = form == null ? AudioMode.SAME : form.mode();
      return new EncodedSynthesis(
          synthesis, mode.dress(synthesis.audio(), form == null ? 0 : form.bytes()));
    } catch (VoiceException e) {
      throw new CompletionException(e);
    }
  }
}
