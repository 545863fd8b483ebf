package babelmux.app.doctor;

import babelmux.media.MediaException;
import java.util.Locale;
import java.util.regex.Pattern;

/** The reason that a server does not want a publisher. */
enum PublishFault {
  REFUSED,
  BUSY,
  CODEC,
  OTHER;

  private static final Pattern IN_USE =
      Pattern.compile("badname|in use|already publish|already exists|busy");
  private static final Pattern NO_CODEC = Pattern.compile("codec|unsupported");

  /**
   * Tells it from what the connection said. Pure.
   *
   * @param taken whether somebody else publishes there
   */
  static PublishFault of(TestPublisher.Failure failure, boolean taken) {
    String said = failure.message().toLowerCase(Locale.ROOT);
    if (taken || IN_USE.matcher(said).find()) {
      return BUSY;
    }
    if (failure.kind() == MediaException.Kind.UNSUPPORTED
        || failure.kind() == MediaException.Kind.INVALID
        || NO_CODEC.matcher(said).find()) {
      return CODEC;
    }
    return failure.kind() == MediaException.Kind.REFUSED ? REFUSED : OTHER;
  }
}
