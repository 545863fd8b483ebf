package babelmux.stsecho.voice;

/** The sound that came cannot be dubbed; the message says why. */
public final class VoiceException extends Exception {
  private static final long serialVersionUID = 1;

  public VoiceException(String message) {
    super(message);
  }

  public VoiceException(String message, Throwable cause) {
    super(message, cause);
  }
}
