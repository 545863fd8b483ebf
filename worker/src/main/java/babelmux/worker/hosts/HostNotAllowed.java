package babelmux.worker.hosts;

/** A host, or all of its addresses, is not in the setting that lists them; the message names it. */
public final class HostNotAllowed extends Exception {
  private static final long serialVersionUID = 1;

  public HostNotAllowed(String message) {
    super(message);
  }
}
