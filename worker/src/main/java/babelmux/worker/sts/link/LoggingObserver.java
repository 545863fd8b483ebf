package babelmux.worker.sts.link;

import babelmux.media.LogFields;
import babelmux.media.Secrets;
import babelmux.worker.sts.BackpressureAction;
import babelmux.worker.sts.BackpressureSeverity;
import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsLink;
import babelmux.worker.sts.StsObserver;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens on a link to the log, then tells the other observer. Transitions at INFO,
 * what needs a look at WARN, fragments at DEBUG; no sound, no text, no token.
 */
final class LoggingObserver implements StsObserver {
  private static final Logger log = LoggerFactory.getLogger(StsLink.class);

  private final String streamId;
  private final StsObserver next;

  LoggingObserver(String streamId, StsObserver next) {
    this.streamId = streamId;
    this.next = next;
  }

  private static void debug(String fragmentId, String format, Object... values) {
    LogFields.ofSegment(fragmentId, () -> log.debug(format, values));
  }

  @Override
  public void stateChanged(LinkState from, LinkState to, String reason) {
    log.info("stream {}: STS link {} -> {} ({})", streamId, from.tag(), to.tag(), reason);
    next.stateChanged(from, to, reason);
  }

  @Override
  public void breakerChanged(BreakerState from, BreakerState to) {
    log.info("stream {}: STS breaker {} -> {}", streamId, from.tag(), to.tag());
    next.breakerChanged(from, to);
  }

  @Override
  public void inFlightChanged(int inFlight) {
    next.inFlightChanged(inFlight);
  }

  @Override
  public void sent(long segmentIndex, String fragmentId, int sequenceNumber) {
    debug(
        fragmentId,
        "stream {}: segment {} sent, number {} of the session",
        streamId,
        segmentIndex,
        sequenceNumber);
    next.sent(segmentIndex, fragmentId, sequenceNumber);
  }

  @Override
  public void audioSent(long samples, int sampleRateHz) {
    next.audioSent(samples, sampleRateHz);
  }

  @Override
  public void acknowledged(long segmentIndex, Duration afterSending) {
    next.acknowledged(segmentIndex, afterSending);
  }

  @Override
  public void processed(long segmentIndex, String fragmentId, String status, Duration roundTrip) {
    debug(
        fragmentId,
        "stream {}: segment {} answered, {}, {} ms",
        streamId,
        segmentIndex,
        status,
        roundTrip.toMillis());
    next.processed(segmentIndex, fragmentId, status, roundTrip);
  }

  @Override
  public void late(long segmentIndex, String fragmentId, Duration roundTrip) {
    debug(
        fragmentId,
        "stream {}: segment {} answered too late, {} ms",
        streamId,
        segmentIndex,
        roundTrip.toMillis());
    next.late(segmentIndex, fragmentId, roundTrip);
  }

  @Override
  public void fellBack(long segmentIndex, String fragmentId, FallbackReason reason, String detail) {
    debug(
        fragmentId,
        "stream {}: segment {} not dubbed, {} ({})",
        streamId,
        segmentIndex,
        reason.tag(),
        detail);
    next.fellBack(segmentIndex, fragmentId, reason, detail);
  }

  @Override
  public void failed(String code, boolean retryable) {
    log.debug("stream {}: STS error {}, retryable {}", streamId, Secrets.mask(code), retryable);
    next.failed(code, retryable);
  }

  @Override
  public void backpressure(BackpressureAction action, BackpressureSeverity severity) {
    log.debug("stream {}: STS backpressure {}, {}", streamId, action.tag(), severity);
    next.backpressure(action, severity);
  }

  @Override
  public void reconnecting(int attempt, Duration delay) {
    log.info(
        "stream {}: STS attempt {} to reconnect in {} ms", streamId, attempt, delay.toMillis());
    next.reconnecting(attempt, delay);
  }

  @Override
  public void permanentFailure(String detail) {
    log.warn("stream {}: original audio until further notice ({})", streamId, detail);
    next.permanentFailure(detail);
  }

  @Override
  public void violation(ProtocolViolation kind, String detail) {
    log.debug("stream {}: STS {}: {}", streamId, kind.tag(), Secrets.mask(detail));
    next.violation(kind, detail);
  }
}
