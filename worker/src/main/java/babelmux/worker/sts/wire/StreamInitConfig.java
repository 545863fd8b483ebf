package babelmux.worker.sts.wire;

import babelmux.worker.sts.StsSession;

/** The {@code config} object of {@code stream:init}: all seven fields, always. */
public record StreamInitConfig(
    String sourceLanguage,
    String targetLanguage,
    String voiceProfile,
    int chunkDurationMs,
    int sampleRateHz,
    int channels,
    String format) {

  /** Nominal length of a fragment; servers in the field refuse 6001. */
  private static final int CHUNK_MILLIS = 6_000;

  /** The voice is not always the configured one: a service may refuse that. */
  public static StreamInitConfig of(StsSession session, String voiceProfile) {
    return new StreamInitConfig(
        session.sourceLanguage(),
        session.targetLanguage(),
        voiceProfile,
        CHUNK_MILLIS,
        session.sampleRateHz(),
        session.channels(),
        "m4a");
  }
}
