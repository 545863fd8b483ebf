package babelmux.worker.sts;

/** The {@code config} object of {@code stream:init}: all seven fields, always. */
record StreamInitConfig(
    String sourceLanguage,
    String targetLanguage,
    String voiceProfile,
    int chunkDurationMs,
    int sampleRateHz,
    int channels,
    String format) {

  /** The voice that every server knows. */
  static final String DEFAULT_VOICE = "default";

  /** Nominal length of a fragment; servers in the field refuse 6001. */
  private static final int CHUNK_MILLIS = 6_000;

  static StreamInitConfig of(StsSession session, String voiceProfile) {
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
