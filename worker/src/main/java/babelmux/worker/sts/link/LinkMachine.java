package babelmux.worker.sts.link;

import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.LinkState;
import babelmux.worker.sts.LinkStatus;
import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.StsObserver;
import babelmux.worker.sts.StsSession;
import babelmux.worker.sts.wire.ClientMessage;
import babelmux.worker.sts.wire.ServerMessage;
import babelmux.worker.sts.wire.ServerMessage.Backpressure;
import babelmux.worker.sts.wire.ServerMessage.FragmentAcked;
import babelmux.worker.sts.wire.ServerMessage.FragmentProcessed;
import babelmux.worker.sts.wire.ServerMessage.Malformed;
import babelmux.worker.sts.wire.ServerMessage.StreamComplete;
import babelmux.worker.sts.wire.ServerMessage.StreamReady;
import babelmux.worker.sts.wire.ServerMessage.StsError;
import babelmux.worker.sts.wire.StreamInitConfig;
import babelmux.worker.sts.wire.WorkerId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a link does at each event: connections, sessions, farewell; the fragments in it are the
 * {@link FragmentSender}'s. Single-threaded, no threads, no sockets, no clock of its own: every
 * method is told the time, in nanoseconds since the link was opened, and {@link #nextWake} says
 * when {@link #tick} is due.
 */
final class LinkMachine {
  private static final long NEVER = FragmentSender.NEVER;
  private static final long COMPLETE_MARGIN = Duration.ofSeconds(2).toNanos();
  private static final long LINGER = Duration.ofSeconds(5).toNanos();
  private static final long MAX_DRAIN = Duration.ofSeconds(30).toNanos();

  private final String streamId;
  private final StsConfig config;
  private final StsSession session;
  private final LinkOutput output;
  private final StsObserver observer;
  private final ReconnectBackoff reconnectBackoff;
  private final StsBreaker breaker;
  private final FragmentSender sender;
  private final Fallbacks fallbacks;
  private final InitBackoff initBackoff = new InitBackoff();

  private LinkState state = LinkState.CONNECTING;
  private long timer = NEVER;

  private int connection;
  private boolean attempting;
  private boolean connected;
  private OptionalLong maxPayload = OptionalLong.empty();
  private boolean freshConnection;
  private long inSessionSince;
  private long reconnects;

  private String voice;
  private boolean initSent;
  private long epoch;
  private long epochs;
  private String endReason = "";
  private @Nullable String sessionId;
  private @Nullable String lastError;
  private boolean refusalReported;

  /**
   * A link that has not begun to connect.
   *
   * @param nanos the time that the other methods are told
   * @param random in [0, 1), for the jitter
   * @param fragmentIds fresh ids
   */
  LinkMachine(
      String streamId,
      StsConfig config,
      StsSession session,
      LinkOutput output,
      StsObserver observer,
      LongSupplier nanos,
      InstantSource wall,
      DoubleSupplier random,
      Supplier<String> fragmentIds) {
    this.streamId = streamId;
    this.config = config;
    this.session = session;
    this.output = output;
    this.observer = observer;
    this.fallbacks = new Fallbacks(output, observer);
    this.reconnectBackoff = new ReconnectBackoff(config.reconnect(), random);
    this.voice = config.voiceProfile();
    this.breaker = new StsBreaker(config.breaker(), nanos, observer::breakerChanged);
    this.sender =
        new FragmentSender(streamId, config, session, output, observer, breaker, wall, fragmentIds);
  }

  // --- events of the connection ---

  void start(long now) {
    connect(now);
  }

  private void connect(long now) {
    timer = now + config.connectTimeout().toNanos();
    output.connect(connection);
  }

  /**
   * The Socket.IO connection stands.
   *
   * @param largestMessage the server's {@code maxPayload}, if it sent one
   */
  void connected(int which, OptionalLong largestMessage, long now) {
    if (which != connection || connected || !connecting()) {
      return;
    }
    attempting = false;
    connected = true;
    freshConnection = true;
    maxPayload = largestMessage;
    initBackoff.reset();
    if (state != LinkState.PASS_THROUGH) {
      become(LinkState.INITIALISING, "connected");
    }
    init(now);
  }

  private boolean connecting() {
    return state == LinkState.CONNECTING
        || state == LinkState.RECONNECTING
        || (state == LinkState.PASS_THROUGH && attempting);
  }

  /** Whether a stream:init is to be sent, or to be answered. */
  private boolean initialising() {
    return state == LinkState.INITIALISING || (state == LinkState.PASS_THROUGH && connected);
  }

  /**
   * No connection came about.
   *
   * @param code what the service's refusal said, empty when there was none
   */
  void connectFailed(int which, String code, String detail, long now) {
    if (which != connection) {
      return;
    }
    if (StsErrorCode.of(code) == StsErrorCode.AUTH_FAILED) {
      giveUp("STS: " + code + ", " + detail);
    } else {
      lost(detail, now);
    }
  }

  void disconnected(int which, String reason, long now) {
    if (which == connection) {
      lost(reason, now);
    }
  }

  /** The connection is of no use any more: what is in flight falls back, and another is planned. */
  private void lost(String reason, long now) {
    if (state == LinkState.PASS_THROUGH) {
      passThrough(reason, now);
      return;
    }
    boolean lasted = epoch != 0 && now - inSessionSince >= config.stableAfter().toNanos();
    leaveConnection(FallbackReason.DISCONNECTED, reason);
    if (Transitions.ending(state)) {
      finish(reason);
      return;
    }
    lastError = reason;
    Duration delay = reconnectBackoff.failed(lasted);
    timer = now + delay.toNanos();
    become(LinkState.RECONNECTING, reason);
    observer.reconnecting(reconnectBackoff.attempt(), delay);
    if (reconnectBackoff.becameLong()) {
      observer.permanentFailure(
          "STS cannot be reached after %d attempts: %s"
              .formatted(reconnectBackoff.attempt() - 1, reason));
    }
  }

  private void leaveConnection(FallbackReason reason, String detail) {
    connection++;
    attempting = false;
    connected = false;
    epoch = 0;
    sessionId = null;
    sender.dropAll(reason, detail);
    output.disconnect();
  }

  // --- stream:init ---

  private void init(long now) {
    long at = initBackoff.next(now);
    initSent = at <= now;
    if (initSent) {
      sendInit(now);
    } else {
      timer = at;
    }
  }

  private void sendInit(long now) {
    initSent = true;
    timer = now + config.readyTimeout().toNanos();
    output.emit(
        new ClientMessage.StreamInit(
            streamId,
            WorkerId.of(streamId),
            StreamInitConfig.of(session, voice),
            config.maxInFlight(),
            session.timeoutMillis()));
  }

  private void ready(StreamReady ready, long now) {
    if (!initialising() || !initSent) {
      observer.violation(ProtocolViolation.UNEXPECTED_EVENT, "stream:ready while " + state.tag());
      return;
    }
    timer = NEVER;
    refusalReported = false;
    sessionId = ready.sessionId();
    if (freshConnection) {
      freshConnection = false;
      epoch = ++epochs;
      inSessionSince = now;
      breaker.close();
    }
    sender.open(ready.maxInflight().orElse(0), maxPayload, now);
    become(LinkState.READY, "session " + ready.sessionId());
  }

  /** A stream:init was answered by an error. */
  private void initRefused(StsErrorCode code, StsError error, long now) {
    String detail = "STS refused stream:init: " + error.text();
    lastError = detail;
    if (code == StsErrorCode.INVALID_VOICE_PROFILE && !voice.equals(StsConfig.DEFAULT_VOICE)) {
      observer.violation(ProtocolViolation.VOICE_REFUSED, error.text());
      voice = StsConfig.DEFAULT_VOICE;
      sendInit(now);
    } else if (code.refusesStream() && freshConnection) {
      passThrough(detail, now);
    } else {
      lost(detail, now);
    }
  }

  /**
   * Replaces the session on this connection: numbers begin at 0 again.
   *
   * @param withoutBlame see {@link FragmentSender#leaveSession}
   */
  private void restartSession(String reason, boolean withoutBlame, long now) {
    if (state != LinkState.READY && state != LinkState.PAUSED) {
      return;
    }
    sender.leaveSession(withoutBlame);
    lastError = reason;
    sessionId = null;
    become(LinkState.INITIALISING, reason);
    init(now);
  }

  /** The service does not know us: asking again cannot help. */
  private void giveUp(String detail) {
    leaveForPassThrough(detail);
    timer = NEVER;
  }

  /**
   * The service refuses the stream as it is. Some servers answer whatever goes wrong at stream:init
   * in this way, out of memory included: it is asked again, as in a long outage.
   */
  private void passThrough(String detail, long now) {
    leaveForPassThrough(detail);
    if (state == LinkState.PASS_THROUGH) {
      voice = config.voiceProfile();
      Duration delay = reconnectBackoff.refused();
      timer = now + delay.toNanos();
      observer.reconnecting(reconnectBackoff.attempt(), delay);
    }
  }

  private void leaveForPassThrough(String detail) {
    lastError = detail;
    leaveConnection(FallbackReason.ERROR, detail);
    if (Transitions.ending(state)) {
      finish(detail);
      return;
    }
    become(LinkState.PASS_THROUGH, detail);
    if (!refusalReported) {
      refusalReported = true;
      observer.permanentFailure(detail);
    }
  }

  // --- messages ---

  void received(int which, ServerMessage message, long now) {
    if (which != connection || !connected) {
      return;
    }
    if (message instanceof StreamReady ready) {
      ready(ready, now);
    } else if (message instanceof FragmentAcked acked) {
      sender.acknowledged(acked.fragmentId(), now);
    } else if (message instanceof FragmentProcessed processed) {
      if (sender.processed(processed, now)) {
        initBackoff.reset();
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
    if (code == StsErrorCode.AUTH_FAILED) {
      giveUp("STS: " + error.text());
      return;
    }
    SentFragment fragment = sender.concernedBy(error, code, initialising() && initSent);
    if (fragment != null) {
      refused(fragment, code, error, now);
    } else if (error.fragmentId() == null && initialising() && initSent) {
      initRefused(code, error, now);
    } else if (code.action() == ErrorAction.SESSION_GONE) {
      sessionGone(error, now);
    } else {
      observer.violation(ProtocolViolation.STRAY_ERROR, error.text());
      sender.slowDown(error, now);
    }
  }

  private void refused(SentFragment fragment, StsErrorCode code, StsError error, long now) {
    boolean current = !fragment.left();
    boolean doubt = sender.refused(fragment, error, now);
    if (!current) {
      return;
    }
    if (code.action() == ErrorAction.SESSION_GONE) {
      sessionGone(error, now);
    } else if (doubt) {
      restartSession("STS refused a fragment: " + error.text(), true, now);
    } else if (code.action() == ErrorAction.RESUME_AND_RETRY) {
      output.emit(new ClientMessage.StreamResume(streamId));
    }
  }

  private void sessionGone(StsError error, long now) {
    if (Transitions.inSession(state)) {
      sender.dropSent(FallbackReason.ERROR, "STS lost the session: " + error.text());
      restartSession("STS lost the session: " + error.text(), true, now);
    }
  }

  private void complete(long now) {
    if (state == LinkState.COMPLETING) {
      linger("stream:complete", now);
    } else {
      observer.violation(
          ProtocolViolation.UNEXPECTED_EVENT, "stream:complete while " + state.tag());
      if (Transitions.inSession(state)) {
        restartSession("STS completed a stream that has not ended", true, now);
      }
    }
  }

  // --- the session's side ---

  void submit(Submission submission, long now) {
    long asked = submission.fragment().epoch();
    if (state == LinkState.PASS_THROUGH) {
      fallbacks.settle(submission, FallbackReason.ERROR, "pass-through: " + lastError);
    } else if (Transitions.ending(state) || state == LinkState.CLOSED) {
      fallbacks.settle(submission, FallbackReason.DISCONNECTED, "the link is " + state.tag());
    } else if (epoch == 0) {
      fallbacks.settle(
          submission, FallbackReason.DISCONNECTED, "no session, the link is " + state.tag());
    } else if (asked != epoch) {
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
    if (Transitions.ending(state) || state == LinkState.CLOSED) {
      return;
    }
    endReason = reason;
    if (!Transitions.inSession(state)) {
      close("ended before a session: " + reason);
      return;
    }
    become(LinkState.DRAINING, reason);
    timer = now + Math.min(MAX_DRAIN, session.fragmentTimeout().toNanos());
    proceed(now);
  }

  private void sendEnd(long now) {
    sender.stopSending();
    output.emit(new ClientMessage.StreamEnd(streamId, endReason));
    become(LinkState.COMPLETING, "drained");
    timer = now + Duration.ofMillis(session.timeoutMillis()).toNanos() + COMPLETE_MARGIN;
  }

  private void linger(String reason, long now) {
    become(LinkState.LINGERING, reason);
    timer = now + LINGER;
  }

  /** Ends at once. */
  void close(String reason) {
    if (state != LinkState.CLOSED) {
      if (connected) {
        sender.answers().confirmAll();
      }
      leaveConnection(FallbackReason.DISCONNECTED, reason);
      finish(reason);
    }
  }

  private void finish(String reason) {
    timer = NEVER;
    become(LinkState.CLOSED, reason);
    output.ended();
  }

  // --- time ---

  void tick(long now) {
    if (sender.expire(now)) {
      restartSession("a refused number was not used again", true, now);
    }
    if (now >= timer) {
      timer = NEVER;
      timeUp(now);
    }
    if ((state == LinkState.READY || state == LinkState.PAUSED) && now >= sender.stallsAt()) {
      observer.violation(ProtocolViolation.STALL, "no answer of any kind for twice the limit");
      restartSession("STS: session stalled", false, now);
    }
    proceed(now);
  }

  private void timeUp(long now) {
    switch (state) {
      case CONNECTING -> lost("STS: no connection within " + config.connectTimeout(), now);
      case RECONNECTING -> tryAgain(now);
      case INITIALISING -> initTimeUp(now);
      case PASS_THROUGH -> {
        if (connected) {
          initTimeUp(now);
        } else {
          tryAgain(now);
        }
      }
      case DRAINING -> sendEnd(now);
      case COMPLETING -> linger("no stream:complete", now);
      case LINGERING -> close("said goodbye");
      case READY, PAUSED, CLOSED -> {}
    }
  }

  private void initTimeUp(long now) {
    if (initSent) {
      lost("STS: no stream:ready within " + config.readyTimeout(), now);
    } else {
      sendInit(now);
    }
  }

  private void tryAgain(long now) {
    if (attempting) {
      lost("STS: no connection within " + config.connectTimeout(), now);
    } else {
      attempting = true;
      reconnects++;
      connect(now);
    }
  }

  /** Sends what may be sent now, and notices what that leads to. */
  private void proceed(long now) {
    if (!Transitions.inSession(state)) {
      return;
    }
    sender.pump(now);
    if (state == LinkState.DRAINING) {
      if (sender.idle()) {
        sendEnd(now);
      }
    } else if (sender.paused() != (state == LinkState.PAUSED)) {
      become(sender.paused() ? LinkState.PAUSED : LinkState.READY, "backpressure");
    }
  }

  /** When {@link #tick} is due; {@link FragmentSender#NEVER} if nothing is planned. */
  long nextWake() {
    long wake = Math.min(timer, sender.nextWake());
    boolean watched = state == LinkState.READY || state == LinkState.PAUSED;
    return watched ? Math.min(wake, sender.stallsAt()) : wake;
  }

  private void become(LinkState next, String reason) {
    if (!Transitions.allowed(state, next)) {
      throw new IllegalStateException("%s after %s: %s".formatted(next, state, reason));
    }
    LinkState from = state;
    state = next;
    output.stateChanged();
    if (from != next) {
      observer.stateChanged(from, next, reason);
    }
  }

  // --- views ---

  long epoch() {
    return Transitions.ending(state) ? 0 : epoch;
  }

  LinkState state() {
    return state;
  }

  /**
   * Until when the breaker would refuse a fragment: 0 when it would not, {@link
   * FragmentSender#NEVER} when that depends on the probe in flight.
   */
  long refusesUntil() {
    return breaker.refusesUntil();
  }

  LinkStatus status(long now) {
    boolean again = state == LinkState.RECONNECTING || state == LinkState.PASS_THROUGH;
    boolean waits = again && timer != NEVER && !attempting && !connected;
    return new LinkStatus(
        state,
        sessionId,
        epoch(),
        sender.window(),
        sender.inFlight(),
        sender.waiting(),
        breaker.state(),
        lastError,
        sender.answers().rtts().lastMillis(),
        sender.answers().rtts().p99Millis(),
        reconnects,
        connected ? 0 : reconnectBackoff.attempt(),
        waits ? Math.max(0, timer - now) / 1_000_000 : -1);
  }
}
