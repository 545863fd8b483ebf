package babelmux.app.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The severity of a {@link Finding}, the harmless one first. */
public enum Level {
  /** As it should be. */
  OK,
  /** It cannot be seen from here. Something else may tell, such as whether the hook arrives. */
  UNKNOWN,
  /** Streams are dubbed, but something is at risk, or will not work. */
  WARN,
  /** The worker cannot run, or a stream would not be dubbed. */
  FAIL;

  /** As the lines and JSON have it. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
