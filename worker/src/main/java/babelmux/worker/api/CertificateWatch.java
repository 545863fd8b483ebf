package babelmux.worker.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says when the end of the HTTP port's certificate is to be told again, and that it is over. Knows
 * no files and no timer. Thread-safe; does not block.
 */
final class CertificateWatch {
  /** Between two lines in the log. */
  static final Duration AGAIN = Duration.ofDays(1);

  private final InstantSource clock;
  // Both are guarded by this.
  private ServerCertificate used;
  private Instant told;

  /**
   * @param used the certificate at the start, of which the caller tells
   * @param clock wall clock
   */
  CertificateWatch(ServerCertificate used, InstantSource clock) {
    this.used = used;
    this.clock = clock;
    this.told = clock.instant();
  }

  /** Another one is used from now on, or the same one again; the caller tells of it. */
  synchronized void use(ServerCertificate read) {
    used = read;
    told = clock.instant();
  }

  synchronized ServerCertificate used() {
    return used;
  }

  /** What is to be told now: once a day from two weeks before the end on. */
  synchronized Optional<String> reminder() {
    Instant now = clock.instant();
    if (now.isBefore(told.plus(AGAIN))) {
      return Optional.empty();
    }
    Optional<String> warning = used.warning(now);
    if (warning.isPresent()) {
      told = now;
    }
    return warning;
  }

  /** The worker's readiness with what clients say of a certificate that is over. */
  synchronized Readiness with(Readiness others) {
    Instant now = clock.instant();
    if (now.isBefore(used.notAfter())) {
      return others;
    }
    List<Readiness.Degraded> degraded =
        Stream.concat(
                others.degraded().stream(),
                used.warning(now).stream()
                    .map(reason -> new Readiness.Degraded("certificate", reason)))
            .toList();
    return new Readiness(others.refusals(), degraded);
  }
}
