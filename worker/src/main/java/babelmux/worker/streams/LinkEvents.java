package babelmux.worker.streams;

import babelmux.worker.metrics.DubDiscard;
import babelmux.worker.metrics.SentAudioMeter;
import babelmux.worker.metrics.StreamMeters;
import babelmux.worker.sts.BackpressureAction;
import babelmux.worker.sts.BackpressureSeverity;
import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsObserver;
import java.time.Duration;

/**
 * Turns what happens on a stream's STS link into meters; the link itself writes the log.
 * Thread-safe.
 */
final class LinkEvents implements StsObserver {
  private final StreamMeters meters;
  private final SentAudioMeter sentAudio;
  private final StreamJournal journal;

  /**
   * @param sentAudio of the language that the link is for
   * @param journal of the stream
   */
  LinkEvents(StreamMeters meters, SentAudioMeter sentAudio, StreamJournal journal) {
    this.meters = meters;
    this.sentAudio = sentAudio;
    this.journal = journal;
  }

  @Override
  public void stateChanged(LinkState from, LinkState to, String reason) {
    journal.add("sts_link", to.tag() + ": " + reason);
  }

  @Override
  public void breakerChanged(BreakerState from, BreakerState to) {
    meters.breaker(to);
    journal.add("sts_breaker", to.tag());
  }

  @Override
  public void inFlightChanged(int inFlight) {
    meters.inFlight(inFlight);
  }

  @Override
  public void sent(long segmentIndex, String fragmentId, int sequenceNumber) {
    meters.fragmentSent();
    journal.add("sent", segmentIndex, "number " + sequenceNumber + " of the session");
  }

  @Override
  public void audioSent(long samples, int sampleRateHz) {
    sentAudio.add(samples, sampleRateHz);
  }

  @Override
  public void processed(long segmentIndex, String fragmentId, String status, Duration roundTrip) {
    meters.roundTrip(roundTrip);
    journal.add("answered", segmentIndex, status + " after " + roundTrip.toMillis() + " ms");
  }

  @Override
  public void late(long segmentIndex, String fragmentId, Duration roundTrip) {
    meters.roundTrip(roundTrip);
    journal.add("answered_late", segmentIndex, "after " + roundTrip.toMillis() + " ms");
    meters.dubDiscarded(DubDiscard.LATE);
  }

  @Override
  public void backpressure(BackpressureAction action, BackpressureSeverity severity) {
    meters.backpressure(action);
  }

  @Override
  public void reconnecting(int attempt, Duration delay) {
    meters.reconnection();
  }

  @Override
  public void violation(ProtocolViolation kind, String detail) {
    meters.violation(kind);
    if (kind == ProtocolViolation.DUPLICATE_ANSWER) {
      meters.dubDiscarded(DubDiscard.DUPLICATE);
    } else if (kind == ProtocolViolation.UNKNOWN_FRAGMENT) {
      meters.dubDiscarded(DubDiscard.UNKNOWN);
    }
  }
}
