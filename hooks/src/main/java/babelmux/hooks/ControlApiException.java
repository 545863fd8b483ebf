package babelmux.hooks;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The Control API gave no usable answer. The message has the URL without credentials, what came and
 * what was expected.
 */
public final class ControlApiException extends IOException {

  private static final long serialVersionUID = 1;

  private final int status;

  public ControlApiException(String message, int status, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** The HTTP status, or 0 when no answer came at all. */
  public int status() {
    return status;
  }
}
