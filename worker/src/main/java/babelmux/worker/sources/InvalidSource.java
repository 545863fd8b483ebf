package babelmux.worker.sources;

/** The URL of a source is not as expected. The message names the value, redacted, and the form. */
public final class InvalidSource extends Exception {
  private static final long serialVersionUID = 1;

  public InvalidSource(String message) {
    super(message);
  }
}
