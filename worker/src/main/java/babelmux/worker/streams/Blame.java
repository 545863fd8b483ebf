package babelmux.worker.streams;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Whose fault a failure is, so that the reader of a status knows whom to call. */
public enum Blame {
  OURS,
  SOURCE,
  DESTINATION,
  STS,
  CONFIG;

  /** As it stands in JSON: lower case. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
