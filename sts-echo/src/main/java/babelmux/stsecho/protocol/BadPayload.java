package babelmux.stsecho.protocol;

/**
 * A message that breaks the contract; the message names the field, the value and what is expected.
 */
final class BadPayload extends Exception {
  private static final long serialVersionUID = 1;

  BadPayload(String message) {
    super(message);
  }
}
