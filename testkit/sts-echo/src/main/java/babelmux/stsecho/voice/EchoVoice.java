package babelmux.stsecho.voice;

/** Gives back the same bytes under the same labels. */
final class EchoVoice implements Voice {
  @Override
  public Synthesis speak(SynthesisRequest synthesisRequest) {
    return new Synthesis(
        synthesisRequest.audio(),
        text(synthesisRequest, synthesisRequest.sourceLanguage()),
        text(synthesisRequest, synthesisRequest.targetLanguage()));
  }

  static String text(SynthesisRequest synthesisRequest, String language) {
    return "[ECHO] %s in %s (seq=%d)"
        .formatted(synthesisRequest.streamId(), language, synthesisRequest.sequence());
  }
}
