package babelmux.worker.sts;

import java.time.Duration;

/**
 * Told what happens on a link, on link threads: must not block. What it throws is logged and
 * forgotten. All methods do nothing unless overridden.
 */
public interface StsObserver {
  /** Ignores every event. */
  StsObserver NONE = new StsObserver() {};

  /** The link changed its state. */
  default void stateChanged(LinkState from, LinkState to, String reason) {}

  /** The breaker changed its state. */
  default void breakerChanged(BreakerState from, BreakerState to) {}

  /** Fragments sent in this session and not settled. */
  default void inFlightChanged(int inFlight) {}

  /** A fragment was sent; a refused one may be sent again. */
  default void sent(long segmentIndex, String fragmentId, int sequenceNumber) {}

  /**
   * Audio was sent with a fragment, each time that one is sent: a service charges for each time.
   */
  default void audioSent(long samples, int sampleRateHz) {}

  /** The service has confirmed a fragment's arrival. */
  default void acknowledged(long segmentIndex, Duration afterSending) {}

  /** A fragment was answered in time, with sound, without or with an error. */
  default void processed(long segmentIndex, String fragmentId, String status, Duration roundTrip) {}

  /** A fragment was answered after its deadline; the answer was dropped. */
  default void late(long segmentIndex, String fragmentId, Duration roundTrip) {}

  /** A fragment was settled without a dub. */
  default void fellBack(
      long segmentIndex, String fragmentId, FallbackReason reason, String detail) {}

  /** The service sent an error event or a failed answer. */
  default void failed(String code, boolean retryable) {}

  /** The service asked for another pace. */
  default void backpressure(BackpressureAction action, BackpressureSeverity severity) {}

  /** The connection is down; attempt {@code attempt} of this outage follows after {@code delay}. */
  default void reconnecting(int attempt, Duration delay) {}

  /**
   * The service refuses this stream, or five attempts to reconnect have failed. Once per outage;
   * attempts go on; after {@code AUTH_FAILED} only with another token.
   */
  default void permanentFailure(String detail) {}

  /** Something that a correct service would not do. */
  default void violation(ProtocolViolation kind, String detail) {}
}
