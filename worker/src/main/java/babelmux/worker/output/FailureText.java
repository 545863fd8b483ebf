package babelmux.worker.output;

import babelmux.media.MediaException;
import java.time.Duration;
import java.util.Locale;

/** The reason that a destination is down, in words that tell a refusal from a network fault. */
final class FailureText {

  private FailureText() {}

  /**
   * @param isFile whether the destination is a file
   * @param connected how long the connection had stood; negative if there was none
   * @param upAfter a server that ends a connection before that did not want it: it takes every
   *     publisher and says no by hanging up
   */
  static String of(
      MediaException.Kind kind,
      String message,
      boolean isFile,
      Duration connected,
      Duration upAfter) {
    if (isFile) {
      return "file: " + message;
    }
    return switch (kind) {
      case REFUSED -> "refused: " + message;
      case UNSUPPORTED, INVALID -> "cannot be sent: " + message;
      case TIMEOUT, INTERRUPTED, OURS -> "network: " + message;
      case IO, END ->
          connected.isNegative() || connected.compareTo(upAfter) >= 0
              ? "network: " + message
              : "refused: the server ended the connection after %s s, most likely for a wrong key or a name that is in use: %s"
                  .formatted(seconds(connected), message);
    };
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1e3);
  }
}
