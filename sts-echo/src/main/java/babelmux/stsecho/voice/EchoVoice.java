package babelmux.stsecho.voice;

/** Gives back the same bytes under the same labels. */
final class EchoVoice implements Voice {
  @Override
  public Spoken speak(Utterance utterance) {
    return new Spoken(
        utterance.audio(),
        text(utterance, utterance.sourceLanguage()),
        text(utterance, utterance.targetLanguage()));
  }

  static String text(Utterance utterance, String language) {
    return "[ECHO] %s in %s (seq=%d)"
        .formatted(utterance.streamId(), language, utterance.sequence());
  }
}
