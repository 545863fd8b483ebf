package babelmux.origin.video;

/** A picture whose DTS MediaMTX refuses to derive: it ends the reader's connection. */
public final class ReaderRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  ReaderRefusedException(String message) {
    super(message);
  }
}
