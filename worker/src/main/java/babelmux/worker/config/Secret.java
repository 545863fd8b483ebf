package babelmux.worker.config;

import babelmux.media.Secrets;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A text that never prints: logs, JSON and exceptions show stars. */
public final class Secret {

  /** The text that is shown instead. */
  static final String SHOWN = "***";

  private final String text;

  public Secret(String text) {
    this.text = text;
  }

  /** One that is hidden in what others say, too: a service may repeat the token that it refuses. */
  static Secret known(String text) {
    Secrets.know(text);
    return new Secret(text);
  }

  /** The text itself, for the one place that sends it. */
  public String reveal() {
    return text;
  }

  /** Stars. */
  @JsonValue
  @Override
  public String toString() {
    return SHOWN;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret secret
        && MessageDigest.isEqual(
            text.getBytes(StandardCharsets.UTF_8), secret.text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
