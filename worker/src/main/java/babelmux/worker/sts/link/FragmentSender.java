package babelmux.worker.sts.link;

import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.StsFragment;
import babelmux.worker.sts.StsObserver;
import babelmux.worker.sts.StsSession;
import babelmux.worker.sts.wire.ClientMessage;
import babelmux.worker.sts.wire.ServerMessage;
import babelmux.worker.sts.wire.ServerMessage.FragmentProcessed;
import babelmux.worker.sts.wire.ServerMessage.StsError;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The fragments of a link: waiting, sent, settled. Sends what may be sent, deals with refusals, and
 * settles each fragment once and by its deadline; answers are the {@link ResponseHandler}'s.
 * Single-threaded; times are nanoseconds since the link was opened.
 */
final class FragmentSender {
  /** No time at all. */
  static final long NEVER = Long.MAX_VALUE;

  private final String streamId;
  private final StsConfig config;
  private final long fragmentTimeout;
  private final LinkOutput output;
  private final StsObserver observer;
  private final StsBreaker breaker;
  private final FlowControl flow;
  private final StallWatch stall;
  private final InstantSource wall;
  private final Fallbacks fallbacks;
  private final Outbox outbox;
  private final InFlight sent;
  private final ResponseHandler answers;

  private WireSession current;

  FragmentSender(
      String streamId,
      StsConfig config,
      StsSession session,
      LinkOutput output,
      StsObserver observer,
      StsBreaker breaker,
      InstantSource wall) {
    this.streamId = streamId;
    this.config = config;
    this.fragmentTimeout = session.fragmentTimeout().toNanos();
    this.output = output;
    this.observer = observer;
    this.breaker = breaker;
    this.wall = wall;
    this.current = WireSession.none(config.maxInFlight());
    this.fallbacks = new Fallbacks(output, observer);
    this.flow = new FlowControl(fragmentTimeout);
    this.stall = new StallWatch(fragmentTimeout);
    this.outbox = new Outbox();
    this.sent = new InFlight(current, flow, observer::inFlightChanged);
    this.answers = new ResponseHandler(streamId, sent, breaker, flow, output, observer, wall);
  }

  /** Handler of the answers that were received, and of what the session says about them. */
  ResponseHandler answers() {
    return answers;
  }

  // --- session ---

  /**
   * A session has begun: numbers start at 0.
   *
   * @param asked the service's window, if it named one
   * @param maxPayload the longest message it takes, if it said so
   */
  void open(int asked, OptionalLong maxPayload) {
    flow.reset();
    enter(WireSession.open(config, asked, maxPayload));
  }

  private void enter(WireSession next) {
    current = next;
    sent.enter(next);
    stall.reset();
  }

  /**
   * The session is about to be replaced on the same connection. What is in flight keeps its
   * deadline: its answer may still come.
   *
   * @param withoutBlame whether it must not count against the service if it does not come
   */
  void leaveSession(boolean withoutBlame) {
    if (withoutBlame) {
      sent.all().forEach(SentFragment::excuse);
    }
    enter(WireSession.none(current.window()));
  }

  /** The stream ends: nothing more is sent, and no pause needs an end; answers are still taken. */
  void stopSending() {
    current.close();
  }

  /** The session is gone: everything sent falls back; what was not sent waits for the next one. */
  void dropSent(FallbackReason reason, String detail) {
    current.close();
    stall.reset();
    for (SentFragment fragment : sent.all()) {
      sent.remove(fragment);
      breaker.release(fragment.permit());
      fallBack(fragment, reason, detail);
    }
  }

  /** The connection is gone, or the link: everything falls back, nothing is kept. */
  void dropAll(FallbackReason reason, String detail) {
    dropSent(reason, detail);
    for (WaitingFragment fragment : outbox.removeAll()) {
      fallbacks.settle(fragment.submission(), reason, detail);
    }
    answers.forgetAll();
  }

  private void fallBack(SentFragment fragment, FallbackReason reason, String detail) {
    answers.missed(fragment);
    fallbacks.settle(fragment.submission(), reason, detail);
  }

  // --- sending ---

  /** Takes a fragment of the current connection; it is sent by {@link #pump}. */
  void submit(Submission submission, long now) {
    if (submission.deadline() <= now) {
      fallbacks.settle(submission, FallbackReason.OVERLOAD, "handed over after its deadline");
    } else if (outbox.isFull()) {
      fallbacks.settle(
          submission, FallbackReason.OVERLOAD, "%d are waiting".formatted(Outbox.MAX_WAITING));
    } else {
      outbox.add(submission, now);
    }
  }

  /** Sends what may be sent. */
  void pump(long now) {
    flow.tick(inFlight(), now);
    WaitingFragment head = outbox.head();
    while (current.open() && head != null) {
      if (breaker.refuses()) {
        refuse(head, FallbackReason.BREAKER_OPEN, "the breaker is " + breaker.state().tag());
      } else if (tooLong(head)) {
        refuse(head, FallbackReason.ERROR, "ours: " + tooLongDetail(head));
      } else if (inFlight() >= current.window() || flow.sendTime(head.since()) > now) {
        return;
      } else {
        send(head, now);
      }
      head = outbox.head();
    }
  }

  private void refuse(WaitingFragment fragment, FallbackReason reason, String detail) {
    outbox.remove(fragment);
    fallbacks.settle(fragment.submission(), reason, detail);
  }

  private boolean tooLong(WaitingFragment fragment) {
    return wireBytes(fragment) > current.maxWireBytes();
  }

  private static long wireBytes(WaitingFragment fragment) {
    return ClientMessage.FragmentData.wireBytes(fragment.submission().fragment().audio().length);
  }

  private String tooLongDetail(WaitingFragment fragment) {
    return "FRAGMENT_TOO_LARGE, the message has %d bytes, expected at most %d"
        .formatted(wireBytes(fragment), current.maxWireBytes());
  }

  private void send(WaitingFragment fragment, long now) {
    StsBreaker.Permit permit = breaker.acquire();
    if (permit == null) {
      refuse(fragment, FallbackReason.BREAKER_OPEN, "the breaker is " + breaker.state().tag());
      return;
    }
    outbox.remove(fragment);
    Submission submission = fragment.submission();
    SentFragment record =
        new SentFragment(
            fragment,
            current,
            current.takeNumber(),
            now,
            Math.min(submission.deadline(), now + fragmentTimeout),
            permit);
    if (record.deadline() - now < fragmentTimeout / 2) {
      record.excuse();
    }
    flow.sent(now);
    output.emit(message(record));
    observer.sent(submission.segmentIndex(), record.id(), record.sequenceNumber());
    observer.audioSent(submission.fragment().samples(), submission.fragment().sampleRateHz());
    sent.add(record);
    stall.sent(record.id(), now);
  }

  private ClientMessage.FragmentData message(SentFragment fragment) {
    StsFragment data = fragment.submission().fragment();
    return new ClientMessage.FragmentData(
        fragment.id(),
        streamId,
        fragment.sequenceNumber(),
        wall.millis(),
        new ClientMessage.Audio(
            data.format(), data.sampleRateHz(), data.channels(), data.durationMs(), data.audio()),
        new ClientMessage.Metadata(data.ptsNs()));
  }

  // --- what the service says ---

  /** It has got a fragment. */
  void acknowledged(String fragmentId, long now) {
    SentFragment fragment = sent.find(fragmentId);
    if (fragment != null && !fragment.acknowledged()) {
      sent.confirmed(true);
      fragment.acknowledge();
      current.accepted();
      observer.acknowledged(
          fragment.submission().segmentIndex(), Duration.ofNanos(now - fragment.sentAt()));
    }
  }

  /**
   * An answer has come.
   *
   * @return whether it is for a fragment of the current session
   */
  boolean processed(FragmentProcessed answer, long now) {
    current.accepted();
    stall.reset();
    return answers.processed(answer, now) == current && current.open();
  }

  void asked(ServerMessage.Backpressure event, long now) {
    flow.asked(event, now);
  }

  /** An error event that concerns no fragment but may ask for patience. */
  void slowDown(StsError error, long now) {
    flow.failed(StsErrorCode.of(error.code()), error.retryAfterMillis(), now);
  }

  /**
   * The fragment that an error event is about: by its id, else the oldest one of the session that
   * the service has not confirmed, because services answer in the order of arrival. Null if there
   * is none.
   *
   * @param initPending whether a stream:init is not answered: the error may be about that instead
   */
  @Nullable SentFragment concernedBy(StsError error, StsErrorCode code, boolean initPending) {
    if (error.fragmentId() != null) {
      return sent.find(error.fragmentId());
    }
    if (!initPending) {
      return sent.oldestUnconfirmed(false);
    }
    // What was sent before the stream:init is answered before it, by a service that confirms.
    return sent.confirms() && !code.onlyAtInit() ? sent.oldestUnconfirmed(true) : null;
  }

  /** An error event instead of an answer: does with the fragment what the verdict says. */
  Refusal refused(SentFragment fragment, StsError error, long now) {
    StsErrorCode code = StsErrorCode.of(error.code());
    sent.remove(fragment);
    stall.refused(fragment.id());
    boolean breakerOpened = judge(fragment, code, error);
    if (fragment.session() == current && !fragment.acknowledged()) {
      current.refused(fragment.sequenceNumber());
    }
    flow.failed(code, error.retryAfterMillis(), now);
    Refusal refusal = Refusal.of(fragment, current, error, breakerOpened, now);
    if (refusal == Refusal.SEND_AGAIN) {
      outbox.putBack(fragment.origin().again());
    } else {
      fallBack(fragment, code.reason(), "STS refused: " + error.text());
    }
    return refusal;
  }

  /** Returns whether that has opened the breaker. */
  private boolean judge(SentFragment fragment, StsErrorCode code, StsError error) {
    boolean wasOpen = breaker.refuses();
    breaker.judge(fragment.permit(), code, code.mayRetry(error));
    return !wasOpen && breaker.refuses();
  }

  // --- time ---

  /**
   * Settles what has reached its deadline.
   *
   * @return whether a number is left unused below others, so that the session has to be restarted
   */
  boolean expire(long now) {
    for (SentFragment fragment : sent.all()) {
      if (fragment.deadline() <= now) {
        sent.remove(fragment);
        if (fragment.blameless()) {
          breaker.release(fragment.permit());
        } else {
          breaker.failure(fragment.permit());
        }
        fallBack(fragment, FallbackReason.TIMEOUT, timeoutDetail(fragment, now));
      }
    }
    boolean gaveUpRetry = expireWaiting(now);
    answers.confirmDue(now);
    return gaveUpRetry && current.hasHole();
  }

  private static String timeoutDetail(SentFragment fragment, long now) {
    return "STS: no answer %d ms after sending".formatted((now - fragment.sentAt()) / 1_000_000);
  }

  private boolean expireWaiting(long now) {
    boolean gaveUpRetry = false;
    for (WaitingFragment fragment : outbox.removeExpired(now)) {
      boolean refused = fragment.tries() > 0;
      gaveUpRetry |= refused;
      fallbacks.settle(
          fragment.submission(),
          current.open() ? FallbackReason.OVERLOAD : FallbackReason.DISCONNECTED,
          notSentDetail(refused));
    }
    return gaveUpRetry;
  }

  private String notSentDetail(boolean refused) {
    if (!current.open()) {
      return "no session in time";
    }
    return refused ? "refused, not sent again in time" : "not sent in time";
  }

  /** When {@link #pump} or {@link #expire} has something to do next; {@link #NEVER} if nothing. */
  long nextWake() {
    long wake = Math.min(sent.nextDeadline(), answers.nextDeadline());
    wake = Math.min(wake, outbox.nextDeadline());
    if (current.open() && flow.paused() && inFlight() == 0) {
      wake = Math.min(wake, flow.pauseUntil());
    }
    WaitingFragment head = outbox.head();
    if (current.open() && head != null && inFlight() < current.window()) {
      wake = Math.min(wake, flow.sendTime(head.since()));
    }
    return wake;
  }

  /** See {@link StallWatch#stallsAt}. */
  long stallsAt() {
    return stall.stallsAt();
  }

  // --- views ---

  boolean idle() {
    return sent.isEmpty() && outbox.size() == 0;
  }

  boolean paused() {
    return flow.paused();
  }

  int window() {
    return current.window();
  }

  int waiting() {
    return outbox.size();
  }

  /** Fragments of this session that are sent and not settled. */
  int inFlight() {
    return sent.count();
  }
}
