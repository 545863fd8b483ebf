package babelmux.worker.sts;

import java.time.Duration;

/**
 * When to stop bothering a failing service.
 *
 * @param failures retryable failures in a row that open the breaker, 1 to 100
 * @param openFor how long nothing is sent then, before one probe
 */
public record BreakerSettings(int failures, Duration openFor) {
  /** Five failures, 30 s. */
  public static final BreakerSettings DEFAULT = new BreakerSettings(5, Duration.ofSeconds(30));

  public BreakerSettings {
    Checks.range("failures", failures, 1, 100);
    Checks.positive("openFor", openFor);
  }
}
