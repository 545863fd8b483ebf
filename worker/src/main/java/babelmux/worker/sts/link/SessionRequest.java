package babelmux.worker.sts.link;

import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.StsSession;
import babelmux.worker.sts.link.Phase.Initialising;
import babelmux.worker.sts.link.Phase.Outage;
import babelmux.worker.sts.wire.ClientMessage;
import babelmux.worker.sts.wire.StreamInitConfig;
import babelmux.worker.sts.wire.WorkerId;

/**
 * Asks the service for sessions: when stream:init may be sent, and what it says. Single-threaded;
 * times are nanoseconds since the link was opened.
 */
final class SessionRequest {
  private final String streamId;
  private final StsConfig config;
  private final StsSession session;
  private final LinkOutput output;
  private final InitBackoff backoff = new InitBackoff();
  private String voice;

  SessionRequest(String streamId, StsConfig config, StsSession session, LinkOutput output) {
    this.streamId = streamId;
    this.config = config;
    this.session = session;
    this.output = output;
    this.voice = config.voiceProfile();
  }

  /** A new connection, or a sign of life: the next session may be asked for at once. */
  void hurry() {
    backoff.reset();
  }

  /** A session is needed: the phase until it may be asked for, which may be over at once. */
  Initialising plan(Outage outage, long now) {
    return new Initialising(outage, false, backoff.next(now));
  }

  /** Sends stream:init: the phase until it has to be answered. */
  Initialising send(Outage outage, long now) {
    output.emit(
        new ClientMessage.StreamInit(
            streamId,
            WorkerId.of(streamId),
            StreamInitConfig.of(session, voice),
            config.maxInFlight(),
            session.timeoutMillis()));
    return new Initialising(outage, true, now + config.readyTimeout().toNanos());
  }

  boolean asksForDefaultVoice() {
    return voice.equals(StsConfig.DEFAULT_VOICE);
  }

  /** The service does not know the configured voice. */
  void useDefaultVoice() {
    voice = StsConfig.DEFAULT_VOICE;
  }

  /** Another connection may lead to a service that knows it. */
  void useConfiguredVoice() {
    voice = config.voiceProfile();
  }
}
