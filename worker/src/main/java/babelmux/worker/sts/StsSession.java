package babelmux.worker.sts;

import java.time.Duration;

/**
 * Session that a stream asks of the service.
 *
 * @param sourceLanguage 2 to 10 characters, such as {@code en}
 * @param targetLanguage 2 to 10 characters
 * @param sampleRateHz of the fragments, 8000 to 96000
 * @param channels of the fragments, 1 or 2
 * @param fragmentTimeout from the sending of a fragment to its fallback; positive
 */
public record StsSession(
    String sourceLanguage,
    String targetLanguage,
    int sampleRateHz,
    int channels,
    Duration fragmentTimeout) {

  public StsSession {
    Checks.length("sourceLanguage", sourceLanguage, 2, 10);
    Checks.length("targetLanguage", targetLanguage, 2, 10);
    Checks.range("sampleRateHz", sampleRateHz, 8_000, 96_000);
    Checks.range("channels", channels, 1, 2);
    Checks.positive("fragmentTimeout", fragmentTimeout);
  }

  /** {@code timeout_ms} as servers accept it: 1000 to 30000. */
  public int timeoutMillis() {
    return (int) Math.max(1_000, Math.min(30_000, fragmentTimeout.toMillis()));
  }
}
