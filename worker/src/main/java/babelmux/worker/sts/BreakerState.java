package babelmux.worker.sts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The circuit breaker's state; the gauge's value is {@link #gauge()}. */
public enum BreakerState {
  CLOSED(0),
  HALF_OPEN(1),
  OPEN(2);

  private final int gauge;

  BreakerState(int gauge) {
    this.gauge = gauge;
  }

  /** 0 closed, 1 half open, 2 open. */
  public int gauge() {
    return gauge;
  }

  /** Lower case, as in the API. */
  @JsonValue
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
