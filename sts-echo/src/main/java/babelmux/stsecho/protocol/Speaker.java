package babelmux.stsecho.protocol;

import babelmux.stsecho.voice.Spoken;
import babelmux.stsecho.voice.Utterance;
import babelmux.stsecho.voice.Voice;
import babelmux.stsecho.voice.VoiceException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Lets the voice of one session speak on a pool, one fragment after the other. */
final class Speaker {
  private final Voice voice;
  private final Executor pool;
  private CompletableFuture<?> last = CompletableFuture.completedFuture(null);

  Speaker(Voice voice, Executor pool) {
    this.voice = voice;
    this.pool = pool;
  }

  /** Fails with {@link VoiceException} inside, or with the pool's refusal when it is full. */
  CompletionStage<Spoken> speak(Utterance utterance) {
    CompletableFuture<Spoken> spoken =
        last.handle((ignored, failure) -> utterance).thenApplyAsync(this::say, pool);
    last = spoken;
    return spoken;
  }

  private Spoken say(Utterance utterance) {
    try {
      return voice.speak(utterance);
    } catch (VoiceException e) {
      throw new CompletionException(e);
    }
  }
}
