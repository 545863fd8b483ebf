package babelmux.worker.sources;

/** A host, or all of its addresses, is not in the setting that lists them; the message names it. */
public final class SourceNotAllowed extends Exception {
  private static final long serialVersionUID = 1;

  SourceNotAllowed(String message) {
    super(message);
  }
}
