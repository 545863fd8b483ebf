package babelmux.stsecho.payload;

/**
 * An object that breaks its contract; the message names the field, the value and what is expected.
 */
public final class BadPayload extends Exception {
  private static final long serialVersionUID = 1;

  public BadPayload(String message) {
    super(message);
  }

  /** The message, never null. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
