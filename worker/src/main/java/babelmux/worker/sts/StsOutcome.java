package babelmux.worker.sts;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Outcome of a fragment. */
public sealed interface StsOutcome {

  /** Verdict of the service on its dub: good, or usable only. */
  enum DubStatus {
    SUCCESS,
    PARTIAL
  }

  /**
   * Dubbed sound, as the service sent it: decoded from base64, not looked into.
   *
   * @param audio not empty; not copied
   * @param format what the service says it is, in lower case, empty if it does not say; look at the
   *     bytes first
   * @param sampleRateHz as said, 0 if unknown; counts for raw PCM only
   * @param channels as said, 0 if unknown; counts for raw PCM only
   * @param durationMs as said, 0 if unknown
   * @param rttNanos from sending to answer
   * @param receipt tells the service whether the dub was used; see {@link #used}
   */
  @SuppressWarnings("ArrayRecordComponent") // handed through, never compared
  record Dub(
      byte[] audio,
      String format,
      int sampleRateHz,
      int channels,
      int durationMs,
      @Nullable String transcript,
      @Nullable String translatedText,
      long rttNanos,
      DubStatus status,
      Consumer<Boolean> receipt)
      implements StsOutcome {

    /**
     * Tells the service whether the dub was used ({@code applied}) or not ({@code received}). To be
     * called once it is decided; from any thread, never blocks. Without a call until the fragment's
     * deadline it counts as not used.
     */
    public void used(boolean applied) {
      receipt.accept(applied);
    }

    @Override
    public String toString() {
      return "Dub[%s, %d bytes of %s, %d ms]"
          .formatted(status, audio.length, format, rttNanos / 1_000_000);
    }
  }

  /**
   * No dub: the original audio is used.
   *
   * @param detail for the log: whose fault it was and the value seen
   */
  record Fallback(FallbackReason reason, String detail) implements StsOutcome {}
}
