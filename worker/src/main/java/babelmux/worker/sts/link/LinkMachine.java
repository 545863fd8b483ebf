package babelmux.worker.sts.link;

import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.LinkStatus;
import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.StsObserver;
import babelmux.worker.sts.StsSession;
import babelmux.worker.sts.link.Phase.Connecting;
import babelmux.worker.sts.link.Phase.InSession;
import babelmux.worker.sts.link.Phase.Initialising;
import babelmux.worker.sts.link.Phase.Outage;
import babelmux.worker.sts.link.Phase.Over;
import babelmux.worker.sts.link.Phase.Refused;
import babelmux.worker.sts.link.Phase.Waiting;
import babelmux.worker.sts.wire.ClientMessage;
import babelmux.worker.sts.wire.ServerMessage;
import babelmux.worker.sts.wire.ServerMessage.Backpressure;
import babelmux.worker.sts.wire.ServerMessage.FragmentAcked;
import babelmux.worker.sts.wire.ServerMessage.FragmentProcessed;
import babelmux.worker.sts.wire.ServerMessage.Malformed;
import babelmux.worker.sts.wire.ServerMessage.StreamComplete;
import babelmux.worker.sts.wire.ServerMessage.StreamReady;
import babelmux.worker.sts.wire.ServerMessage.StsError;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a link does at each event: connections, sessions, closing handshake; the fragments
 * in it are the {@link FragmentSender}'s. Single-threaded, no threads, no sockets, no clock of its
 * own: every method is told the time, in nanoseconds since the link was opened, and {@link
 * #nextWake} says when {@link #tick} is due.
 */
final class LinkMachine {
  private final String streamId;
  private final StsConfig config;
  private final StsSession session;
  private final LinkOutput output;
  private final StsObserver observer;
  private final Connection connection;
  private final Attempts attempts;
  private final SessionRequest request;
  private final StsBreaker breaker;
  private final FragmentSender sender;
  private final Fallbacks fallbacks;

  private Phase phase = new Connecting(Outage.NONE, FragmentSender.NEVER);
  private @Nullable String lastError;

  /**
   * Whether the present connection, or attempt, was begun with a token that is not sent any more.
   */
  private boolean tokenIsOld;

  /**
   * A link that has not begun to connect.
   *
   * @param nanos the time that the other methods are told
   * @param random in [0, 1), for the jitter
   */
  LinkMachine(
      String streamId,
      StsConfig config,
      StsSession session,
      LinkOutput output,
      StsObserver observer,
      LongSupplier nanos,
      InstantSource wall,
      DoubleSupplier random) {
    this.streamId = streamId;
    this.config = config;
    this.session = session;
    this.output = output;
    this.observer = observer;
    this.fallbacks = new Fallbacks(output, observer);
    this.connection = new Connection(output);
    this.attempts = new Attempts(new ReconnectBackoff(config.reconnect(), random), observer);
    this.request = new SessionRequest(streamId, config, session, output);
    this.breaker = new StsBreaker(config.breaker(), nanos, observer::breakerChanged);
    this.sender = new FragmentSender(streamId, config, session, output, observer, breaker, wall);
  }

  // --- events of the connection ---

  void start(long now) {
    connect(Outage.NONE, now);
  }

  private void connect(Outage outage, long now) {
    phase = new Connecting(outage, now + config.connectTimeout().toNanos());
    tokenIsOld = false;
    connection.connect();
  }

  /**
   * The Socket.IO connection stands.
   *
   * @param largestMessage the server's {@code maxPayload}, if it sent one
   */
  void connected(int which, OptionalLong largestMessage, long now) {
    if (connection.is(which) && phase instanceof Connecting connecting) {
      connection.established(largestMessage);
      request.hurry();
      init(connecting.outage(), "connected", now);
    }
  }

  /**
   * No connection came about.
   *
   * @param code what the service's refusal said, empty when there was none
   */
  void connectFailed(int which, String code, String detail, long now) {
    if (!connection.is(which)) {
      return;
    }
    if (StsErrorCode.of(code) == StsErrorCode.AUTH_FAILED) {
      giveUp("STS: " + code + ", " + detail, true, now);
    } else {
      lost(detail, now);
    }
  }

  void disconnected(int which, String reason, long now) {
    if (connection.is(which)) {
      lost(reason, now);
    }
  }

  /** The connection is of no use any more: what is in flight falls back, and another is planned. */
  private void lost(String reason, long now) {
    if (state() == LinkState.PASS_THROUGH) {
      giveUp(reason, false, now);
      return;
    }
    boolean lasted = connection.lasted(config.stableAfter().toNanos(), now);
    leaveConnection(FallbackReason.DISCONNECTED, reason);
    if (phase instanceof ClosingHandshake) {
      finish(reason);
      return;
    }
    lastError = reason;
    enter(attempts.afterLoss(lasted, now), reason);
    attempts.reportLoss(reason);
  }

  private void leaveConnection(FallbackReason reason, String detail) {
    connection.leave();
    sender.dropAll(reason, detail);
    output.disconnect();
  }

  /**
   * The service refuses the stream as it is: original audio until further notice. Some servers
   * answer whatever goes wrong at stream:init in this way, out of memory included, so the service
   * is asked again, as in a long outage.
   *
   * @param forGood whether asking again with the same token cannot help
   */
  private void giveUp(String detail, boolean forGood, long now) {
    lastError = detail;
    leaveConnection(FallbackReason.ERROR, detail);
    if (phase instanceof ClosingHandshake) {
      finish(detail);
      return;
    }
    enter(attempts.afterRefusal(forGood, now), detail);
    request.useConfiguredVoice();
    attempts.reportRefusal(detail);
    if (forGood && tokenIsOld) {
      reconnect(Outage.REFUSED, now);
    }
  }

  /**
   * Connections that are made from now on send another token: a refused one is no reason any more.
   */
  void tokenChanged(long now) {
    if (phase instanceof Refused refused && refused.forGood()) {
      reconnect(Outage.REFUSED, now);
    } else {
      tokenIsOld = true;
    }
  }

  // --- sessions ---

  private void init(Outage outage, String reason, long now) {
    Initialising planned = request.plan(outage, now);
    enter(planned, reason);
    if (planned.until() <= now) {
      phase = request.send(outage, now);
    }
  }

  /** Tells whether a stream:init was sent and not answered. */
  private boolean initPending() {
    return phase instanceof Initialising initialising && initialising.sent();
  }

  private void ready(StreamReady ready, long now) {
    if (!initPending()) {
      observer.violation(ProtocolViolation.UNEXPECTED_EVENT, "stream:ready while " + state().tag());
      return;
    }
    attempts.succeeded();
    boolean first = connection.fresh();
    connection.sessionBegan(ready.sessionId(), now);
    if (first) {
      breaker.close();
    }
    sender.open(ready.maxInflight().orElse(0), connection.maxPayload());
    enter(new InSession(false), "session " + ready.sessionId());
  }

  /**
   * Replaces the session on this connection: numbers begin at 0 again.
   *
   * @param withoutBlame see {@link FragmentSender#leaveSession}
   */
  private void restartSession(String reason, boolean withoutBlame, long now) {
    if (phase instanceof InSession) {
      sender.leaveSession(withoutBlame);
      lastError = reason;
      connection.sessionEnded();
      init(Outage.NONE, reason, now);
    }
  }

  /** Tells whether a session exists in which fragments may be sent. */
  private boolean sessionExists() {
    return phase instanceof InSession
        || (phase instanceof ClosingHandshake closing && closing.draining());
  }

  // --- messages ---

  void received(int which, ServerMessage message, long now) {
    if (!connection.is(which) || !connection.stands()) {
      return;
    }
    if (message instanceof StreamReady ready) {
      ready(ready, now);
    } else if (message instanceof FragmentAcked acked) {
      sender.acknowledged(acked.fragmentId(), now);
    } else if (message instanceof FragmentProcessed processed) {
      if (sender.processed(processed, now)) {
        request.hurry();
      }
    } else if (message instanceof Backpressure backpressure) {
      observer.backpressure(backpressure.action(), backpressure.severity());
      sender.asked(backpressure, now);
    } else if (message instanceof StsError error) {
      error(error, now);
    } else if (message instanceof StreamComplete) {
      complete(now);
    } else if (message instanceof Malformed malformed) {
      observer.violation(malformed.kind(), malformed.detail());
    } else if (message instanceof ServerMessage.Unknown unknown) {
      observer.violation(ProtocolViolation.UNEXPECTED_EVENT, "event " + unknown.event());
    }
    proceed(now);
  }

  private void error(StsError error, long now) {
    StsErrorCode code = StsErrorCode.of(error.code());
    lastError = "STS: " + error.text();
    observer.failed(error.code(), code.mayRetry(error));
    Triage triage = triage(error, code, now);
    if (triage instanceof Triage.CountStray) {
      observer.violation(ProtocolViolation.STRAY_ERROR, error.text());
      sender.slowDown(error, now);
    } else if (triage instanceof Triage.Resume) {
      output.emit(new ClientMessage.StreamResume(streamId));
    } else if (triage instanceof Triage.RestartSession restart) {
      if (restart.lost() && sessionExists()) {
        sender.dropSent(FallbackReason.ERROR, restart.reason());
      }
      restartSession(restart.reason(), true, now);
    } else if (triage instanceof Triage.UseDefaultVoice refused) {
      lastError = refused.detail();
      useDefaultVoice(error, now);
    } else if (triage instanceof Triage.Reconnect reconnect) {
      lost(reconnect.detail(), now);
    } else if (triage instanceof Triage.GiveUp refused) {
      giveUp(refused.detail(), refused.forGood(), now);
    }
  }

  private Triage triage(StsError error, StsErrorCode code, long now) {
    if (code.action() == ErrorAction.GIVE_UP) {
      return Triage.ofUnknownClient(error);
    }
    SentFragment fragment = sender.concernedBy(error, code, initPending());
    if (fragment != null) {
      return Triage.ofFragment(error, sender.refused(fragment, error, now));
    } else if (error.fragmentId() == null && initPending()) {
      return Triage.ofInit(error, connection.fresh(), request.asksForDefaultVoice());
    }
    return Triage.ofSession(error);
  }

  private void useDefaultVoice(StsError error, long now) {
    observer.violation(ProtocolViolation.VOICE_REFUSED, error.text());
    request.useDefaultVoice();
    if (phase instanceof Initialising initialising) {
      phase = request.send(initialising.outage(), now);
    }
  }

  private void complete(long now) {
    if (phase instanceof ClosingHandshake closing
        && closing.step() == ClosingHandshake.Step.COMPLETE) {
      enter(closing.completed(now), "stream:complete");
    } else {
      observer.violation(
          ProtocolViolation.UNEXPECTED_EVENT, "stream:complete while " + state().tag());
      restartSession("STS completed a stream that has not ended", true, now);
    }
  }

  // --- the session's side ---

  void submit(Submission submission, long now) {
    LinkState state = state();
    long generation = connection.generation();
    if (state == LinkState.PASS_THROUGH) {
      fallbacks.settle(submission, FallbackReason.ERROR, "pass-through: " + lastError);
    } else if (phase instanceof ClosingHandshake || phase instanceof Over) {
      fallbacks.settle(submission, FallbackReason.DISCONNECTED, "the link is " + state.tag());
    } else if (generation == 0) {
      fallbacks.settle(
          submission, FallbackReason.DISCONNECTED, "no session, the link is " + state.tag());
    } else if (submission.fragment().generation() != generation) {
      fallbacks.settle(submission, FallbackReason.DISCONNECTED, "cut before the link was ready");
    } else {
      sender.submit(submission, now);
      proceed(now);
    }
  }

  void used(String fragmentId, boolean applied) {
    sender.answers().used(fragmentId, applied);
  }

  void end(String reason, long now) {
    if (phase instanceof InSession) {
      enter(ClosingHandshake.begin(reason, session, now), reason);
      proceed(now);
    } else if (!(phase instanceof ClosingHandshake closing)) {
      close("ended before a session: " + reason);
    } else if (closing.draining()) {
      // Asked twice: nobody waits for the answers.
      sendEnd(closing, now);
    }
  }

  private void sendEnd(ClosingHandshake closing, long now) {
    sender.stopSending();
    output.emit(new ClientMessage.StreamEnd(streamId, closing.reason()));
    enter(closing.endSent(session, now), "drained");
  }

  /** Ends at once. */
  void close(String reason) {
    if (!(phase instanceof Over)) {
      if (connection.stands()) {
        sender.answers().confirmAll();
      }
      leaveConnection(FallbackReason.DISCONNECTED, reason);
      finish(reason);
    }
  }

  private void finish(String reason) {
    enter(new Over(), reason);
    output.ended();
  }

  // --- time ---

  void tick(long now) {
    if (sender.expire(now)) {
      restartSession("a refused number was not used again", true, now);
    }
    if (now >= phase.until()) {
      timeUp(now);
    }
    if (phase instanceof InSession && now >= sender.stallsAt()) {
      observer.violation(ProtocolViolation.STALL, "no answer of any kind for twice the limit");
      restartSession("STS: session stalled", false, now);
    }
    proceed(now);
  }

  private void timeUp(long now) {
    if (phase instanceof Connecting) {
      lost("STS: no connection within " + config.connectTimeout(), now);
    } else if (phase instanceof Waiting) {
      reconnect(Outage.LOST, now);
    } else if (phase instanceof Refused) {
      reconnect(Outage.REFUSED, now);
    } else if (phase instanceof Initialising initialising) {
      if (initialising.sent()) {
        lost("STS: no stream:ready within " + config.readyTimeout(), now);
      } else {
        phase = request.send(initialising.outage(), now);
      }
    } else if (phase instanceof ClosingHandshake closing) {
      switch (closing.step()) {
        case ANSWERS -> sendEnd(closing, now);
        case COMPLETE -> enter(closing.completed(now), "no stream:complete");
        case HANG_UP -> close("closing handshake done");
      }
    }
  }

  private void reconnect(Outage outage, long now) {
    attempts.reconnecting();
    connect(outage, now);
  }

  /** Sends what may be sent now, and notices what that leads to. */
  private void proceed(long now) {
    if (!sessionExists()) {
      return;
    }
    sender.pump(now);
    if (phase instanceof ClosingHandshake closing) {
      if (sender.idle()) {
        sendEnd(closing, now);
      }
    } else if (phase instanceof InSession active && sender.paused() != active.paused()) {
      enter(new InSession(sender.paused()), "backpressure");
    }
  }

  /** When {@link #tick} is due; {@link FragmentSender#NEVER} if nothing is planned. */
  long nextWake() {
    long wake = Math.min(phase.until(), sender.nextWake());
    return phase instanceof InSession ? Math.min(wake, sender.stallsAt()) : wake;
  }

  private void enter(Phase next, String reason) {
    LinkState from = state();
    LinkState to = next.shown();
    if (!Transitions.allowed(from, to)) {
      throw new IllegalStateException("%s after %s: %s".formatted(to, from, reason));
    }
    phase = next;
    output.stateChanged();
    if (from != to) {
      observer.stateChanged(from, to, reason);
    }
  }

  // --- views ---

  long generation() {
    return phase instanceof ClosingHandshake ? 0 : connection.generation();
  }

  LinkState state() {
    return phase.shown();
  }

  /**
   * Until when the breaker would refuse a fragment: 0 when it would not, {@link
   * FragmentSender#NEVER} when that depends on the probe in flight.
   */
  long refusesUntil() {
    return breaker.refusesUntil();
  }

  LinkStatus status(long now) {
    return new LinkStatus(
        state(),
        connection.sessionId(),
        generation(),
        sender.window(),
        sender.inFlight(),
        sender.waiting(),
        breaker.state(),
        lastError,
        sender.answers().rtts().lastMillis(),
        sender.answers().rtts().p99Millis(),
        attempts.reconnects(),
        connection.stands() ? 0 : attempts.attempt(),
        nextAttemptMillis(now));
  }

  private long nextAttemptMillis(long now) {
    boolean waits = phase instanceof Waiting || phase instanceof Refused;
    return waits && phase.until() != FragmentSender.NEVER
        ? Math.max(0, phase.until() - now) / 1_000_000
        : -1;
  }
}
