package babelmux.origin.video;

/** A parameter set or slice header that cannot be parsed. */
public final class BitstreamException extends Exception {
  private static final long serialVersionUID = 1;

  BitstreamException(String message) {
    super(message);
  }
}
