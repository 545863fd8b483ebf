package babelmux.worker.sts;

import babelmux.worker.sts.ServerMessage.DubbedAudio;
import babelmux.worker.sts.ServerMessage.FragmentProcessed;
import babelmux.worker.sts.ServerMessage.Status;
import babelmux.worker.sts.ServerMessage.StsError;
import babelmux.worker.sts.StsOutcome.Dub;
import babelmux.worker.sts.StsOutcome.DubStatus;
import babelmux.worker.sts.StsOutcome.Fallback;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fragments of a link: waiting, sent, settled. Sends what may be sent, matches answers by
 * fragment id, settles each fragment once and by its deadline. Single-threaded; times are
 * nanoseconds since the link was opened.
 */
final class FragmentDesk {
  /** No time at all. */
  static final long NEVER = Long.MAX_VALUE;

  private static final int MOST_WAITING = 16;
  private static final int MOST_IN_FLIGHT = 10;

  private final String streamId;
  private final StsConfig config;
  private final long fragmentTimeout;
  private final LinkOutput output;
  private final StsObserver observer;
  private final StsBreaker breaker;
  private final FlowControl flow;
  private final InstantSource wall;
  private final Supplier<String> fragmentIds;

  private final TreeMap<Long, WaitingFragment> waiting = new TreeMap<>();
  private final InFlight sent = new InFlight();
  private final Receipts receipts = new Receipts();
  private final AnswerBook book = new AnswerBook();
  private final RttWindow rtts = new RttWindow();

  private SequenceNumbers numbers = new SequenceNumbers();
  private long submissions;
  private boolean open;
  private int window;
  private long maxWireBytes;
  private int reportedInFlight;
  private int refusalsInARow;

  FragmentDesk(
      String streamId,
      StsConfig config,
      StsSession session,
      LinkOutput output,
      StsObserver observer,
      StsBreaker breaker,
      InstantSource wall,
      Supplier<String> fragmentIds) {
    this.streamId = streamId;
    this.config = config;
    this.fragmentTimeout = session.fragmentTimeout().toNanos();
    this.output = output;
    this.observer = observer;
    this.breaker = breaker;
    this.flow = new FlowControl(fragmentTimeout);
    this.wall = wall;
    this.fragmentIds = fragmentIds;
    this.window = config.maxInFlight();
  }

  // --- session ---

  /**
   * A session has begun: numbers start at 0.
   *
   * @param asked the service's window, if it named one
   * @param maxPayload the longest message it takes, if it said so
   */
  void open(int asked, OptionalLong maxPayload) {
    open = true;
    numbers = new SequenceNumbers();
    refusalsInARow = 0;
    flow.reset();
    window = asked < 1 || asked > MOST_IN_FLIGHT ? config.maxInFlight() : asked;
    window = Math.min(window, config.maxInFlight());
    maxWireBytes = Math.min(config.maxMessageBytes(), maxPayload.orElse(Long.MAX_VALUE));
    if (maxWireBytes <= 0) {
      maxWireBytes = config.maxMessageBytes();
    }
  }

  /**
   * The session is about to be replaced on the same connection. What is in flight keeps its
   * deadline: its answer may still come.
   *
   * @param withoutBlame whether it must not count against the service if it does not come
   */
  void leaveSession(boolean withoutBlame) {
    open = false;
    sent.leaveSession(withoutBlame);
    reportInFlight();
  }

  /** The stream ends: nothing more is sent, and no pause needs an end; answers are still taken. */
  void stopSending() {
    open = false;
  }

  /** The session is gone: everything sent falls back; what was not sent waits for the next one. */
  void dropSent(FallbackReason reason, String detail) {
    open = false;
    sent.answered();
    for (SentFragment fragment : sent.all()) {
      remove(fragment);
      breaker.release(fragment.permit());
      book.miss(fragment);
      fallBack(fragment.submission(), reason, detail);
    }
  }

  /** The connection is gone, or the link: everything falls back, nothing is kept. */
  void dropAll(FallbackReason reason, String detail) {
    dropSent(reason, detail);
    for (WaitingFragment fragment : List.copyOf(waiting.values())) {
      fallBack(fragment.submission(), reason, detail);
    }
    waiting.clear();
    receipts.clear();
    book.clear();
  }

  // --- sending ---

  /** Takes a fragment of the current connection; it is sent by {@link #pump}. */
  void submit(Submission submission, long now) {
    if (submission.deadline() <= now) {
      fallBack(submission, FallbackReason.OVERLOAD, "handed over after its deadline");
    } else if (waiting.size() >= MOST_WAITING) {
      fallBack(submission, FallbackReason.OVERLOAD, "%d are waiting".formatted(MOST_WAITING));
    } else {
      long order = submissions++;
      waiting.put(order, new WaitingFragment(submission, order, fragmentIds.get(), now, 0));
    }
  }

  /** Sends what may be sent. */
  void pump(long now) {
    flow.tick(inFlight(), now);
    while (open && !waiting.isEmpty()) {
      WaitingFragment head = waiting.firstEntry().getValue();
      if (breaker.refuses()) {
        refuse(head, FallbackReason.BREAKER_OPEN, "the breaker is " + breaker.state().tag());
      } else if (tooLong(head)) {
        refuse(head, FallbackReason.ERROR, "ours: " + tooLongDetail(head));
      } else if (inFlight() >= window || flow.sendTime(head.since()) > now) {
        return;
      } else {
        send(head, now);
      }
    }
  }

  private void refuse(WaitingFragment fragment, FallbackReason reason, String detail) {
    waiting.remove(fragment.order());
    fallBack(fragment.submission(), reason, detail);
  }

  private boolean tooLong(WaitingFragment fragment) {
    return wireBytes(fragment) > maxWireBytes;
  }

  private static long wireBytes(WaitingFragment fragment) {
    return ClientMessage.FragmentData.wireBytes(fragment.submission().fragment().audio().length);
  }

  private String tooLongDetail(WaitingFragment fragment) {
    return "FRAGMENT_TOO_LARGE, the message has %d bytes, expected at most %d"
        .formatted(wireBytes(fragment), maxWireBytes);
  }

  private void send(WaitingFragment fragment, long now) {
    StsBreaker.Permit permit = breaker.acquire();
    if (permit == null) {
      refuse(fragment, FallbackReason.BREAKER_OPEN, "the breaker is " + breaker.state().tag());
      return;
    }
    waiting.remove(fragment.order());
    Submission submission = fragment.submission();
    StsFragment data = submission.fragment();
    SentFragment record =
        new SentFragment(
            fragment,
            numbers.take(),
            now,
            Math.min(submission.deadline(), now + fragmentTimeout),
            permit);
    if (record.deadline() - now < fragmentTimeout / 2) {
      record.excuse();
    }
    sent.add(record);
    flow.sent(now);
    output.emit(
        new ClientMessage.FragmentData(
            record.id(),
            streamId,
            record.sequenceNumber(),
            wall.millis(),
            new ClientMessage.Audio(
                data.format(),
                data.sampleRateHz(),
                data.channels(),
                data.durationMs(),
                data.audio()),
            new ClientMessage.Metadata(data.ptsNs())));
    observer.sent(submission.segmentIndex(), record.id(), record.sequenceNumber());
    reportInFlight();
  }

  // --- answers ---

  void acknowledged(String fragmentId, long now) {
    SentFragment fragment = sent.find(fragmentId);
    if (fragment != null && !fragment.acknowledged()) {
      fragment.acknowledge();
      refusalsInARow = 0;
      observer.acknowledged(
          fragment.submission().segmentIndex(), Duration.ofNanos(now - fragment.sentAt()));
    }
  }

  void processed(FragmentProcessed answer, long now) {
    sent.answered();
    refusalsInARow = 0;
    SentFragment fragment = sent.find(answer.fragmentId());
    if (fragment == null) {
      unmatched(answer, now);
      return;
    }
    remove(fragment);
    book.firstAnswer(fragment.id());
    long rtt = now - fragment.sentAt();
    rtts.add(rtt);
    observer.processed(
        fragment.submission().segmentIndex(), answer.status().name(), Duration.ofNanos(rtt));
    checkLabels(answer, fragment);
    if (answer.status() == Status.FAILED) {
      failed(fragment, answer.error(), now);
    } else {
      dubbed(fragment, answer, rtt);
    }
  }

  private void unmatched(FragmentProcessed answer, long now) {
    AnswerBook.Missed missed = book.takeMissed(answer.fragmentId());
    if (!book.firstAnswer(answer.fragmentId())) {
      observer.oddity(Oddity.DUPLICATE_ANSWER, answer.fragmentId());
      return;
    }
    if (missed != null) {
      rtts.add(now - missed.sentAt());
      observer.late(missed.segmentIndex(), Duration.ofNanos(now - missed.sentAt()));
    } else {
      observer.oddity(Oddity.UNKNOWN_FRAGMENT, answer.fragmentId());
    }
    confirm(answer.fragmentId(), false);
  }

  private void checkLabels(FragmentProcessed answer, SentFragment fragment) {
    boolean stream = answer.streamId().isEmpty() || answer.streamId().equals(streamId);
    boolean number =
        answer.sequenceNumber().orElse(fragment.sequenceNumber()) == fragment.sequenceNumber();
    if (!stream || !number) {
      observer.oddity(
          Oddity.MISLABELLED_ANSWER,
          "sent as %d of %s, answered as %s of %s"
              .formatted(
                  fragment.sequenceNumber(), streamId, answer.sequenceNumber(), answer.streamId()));
    }
  }

  private void dubbed(SentFragment fragment, FragmentProcessed answer, long rtt) {
    DubbedAudio audio = answer.audio();
    String problem = audio == null ? "dubbed_audio is missing" : audio.problem();
    if (audio == null || problem != null) {
      breaker.release(fragment.permit());
      confirm(fragment.id(), false);
      fallBack(fragment.submission(), FallbackReason.INVALID_OUTPUT, "STS: " + problem);
      return;
    }
    breaker.success(fragment.permit());
    flow.succeeded();
    String id = fragment.id();
    receipts.expect(id, fragment.submission().deadline());
    output.settle(
        fragment.submission(),
        new Dub(
            audio.bytes(),
            audio.format(),
            audio.sampleRateHz(),
            audio.channels(),
            audio.durationMs(),
            answer.transcript(),
            answer.translatedText(),
            rtt,
            answer.status() == Status.SUCCESS ? DubStatus.SUCCESS : DubStatus.PARTIAL,
            applied -> output.receipt(id, applied)));
  }

  private void failed(SentFragment fragment, @Nullable StsError error, long now) {
    String text = error == null ? "no reason given" : error.text();
    StsErrorCode code = StsErrorCode.of(error == null ? "" : error.code());
    boolean retryable = error != null && error.mayRetry();
    observer.failed(error == null ? "" : error.code(), retryable);
    judge(fragment, code, retryable);
    confirm(fragment.id(), false);
    slowDownFor(code, error, now);
    fallBack(fragment.submission(), reasonOf(code), "STS: " + text);
  }

  private void judge(SentFragment fragment, StsErrorCode code, boolean retryable) {
    if (code.countsForBreaker(retryable)) {
      breaker.failure(fragment.permit());
    } else {
      breaker.release(fragment.permit());
    }
  }

  private void slowDownFor(StsErrorCode code, @Nullable StsError error, long now) {
    switch (code.remedy()) {
      case PAUSE_AND_RETRY -> flow.hold(false, now);
      case RETRY_WHEN_LESS -> flow.hold(true, now);
      case DELAY_AND_RETRY ->
          flow.rateLimited(error == null ? OptionalLong.empty() : error.retryAfterMillis(), now);
      default -> {}
    }
  }

  private static FallbackReason reasonOf(StsErrorCode code) {
    return code.overload() ? FallbackReason.OVERLOAD : FallbackReason.ERROR;
  }

  // --- refusals ---

  /**
   * The fragment that an error event is about: by its id, else the last one sent that the service
   * has not confirmed. Null if there is none.
   */
  @Nullable SentFragment concernedBy(StsError error) {
    return error.fragmentId() == null ? sent.lastUnconfirmed() : sent.find(error.fragmentId());
  }

  /**
   * An error event instead of an answer: sends the fragment again where that can help, else falls
   * back.
   *
   * @return whether the session has to begin anew, because a number in it is in doubt
   */
  boolean refused(SentFragment fragment, StsError error, long now) {
    StsErrorCode code = StsErrorCode.of(error.code());
    remove(fragment);
    sent.refused(fragment);
    boolean wasOpen = breaker.refuses();
    judge(fragment, code, error.mayRetry());
    boolean opened = !wasOpen && breaker.refuses();
    boolean current = !fragment.left();
    if (current && !fragment.acknowledged()) {
      numbers.giveBack(fragment.sequenceNumber());
      refusalsInARow++;
    }
    slowDownFor(code, error, now);
    // What was refused again and again until the breaker opened is not taken in this session any
    // more.
    boolean stuck = current && opened && refusalsInARow > 1;
    if (current && !stuck && mayTryAgain(fragment, code, error, now)) {
      WaitingFragment again = fragment.origin().again();
      waiting.put(again.order(), again);
      return false;
    }
    book.miss(fragment);
    fallBack(fragment.submission(), reasonOf(code), "STS refused: " + error.text());
    return current
        && (stuck
            || code.remedy() == Remedy.BEGIN_ANEW
            || fragment.acknowledged()
            || numbers.hasHole());
  }

  private static boolean mayTryAgain(
      SentFragment fragment, StsErrorCode code, StsError error, long now) {
    boolean allowed = error.mayRetry() || code.remedy() == Remedy.RESUME_AND_RETRY;
    return allowed
        && !fragment.acknowledged()
        && fragment.origin().tries() < code.remedy().retries()
        && fragment.submission().deadline() > now;
  }

  /** An error event that concerns no fragment but asks for patience. */
  void slowDown(StsError error, long now) {
    slowDownFor(StsErrorCode.of(error.code()), error, now);
  }

  void asked(ServerMessage.Backpressure event, long now) {
    flow.asked(event, now);
  }

  // --- receipts ---

  /** The session says whether a dub was used. */
  void used(String fragmentId, boolean applied) {
    if (receipts.take(fragmentId)) {
      confirm(fragmentId, applied);
    }
  }

  /** The link ends: what the session has not decided counts as not used. */
  void confirmAll() {
    confirmDue(NEVER);
  }

  private void confirm(String fragmentId, boolean applied) {
    output.emit(
        new ClientMessage.FragmentAck(fragmentId, applied ? "applied" : "received", wall.millis()));
  }

  // --- time ---

  /**
   * Settles what has reached its deadline.
   *
   * @return whether a number is left unused below others, so that the session has to begin anew
   */
  boolean expire(long now) {
    for (SentFragment fragment : sent.all()) {
      if (fragment.deadline() <= now) {
        remove(fragment);
        if (fragment.blameless()) {
          breaker.release(fragment.permit());
        } else {
          breaker.failure(fragment.permit());
        }
        book.miss(fragment);
        fallBack(fragment.submission(), FallbackReason.TIMEOUT, timeoutDetail(fragment, now));
      }
    }
    boolean gaveUpRetry = expireWaiting(now);
    confirmDue(now);
    return gaveUpRetry && numbers.hasHole();
  }

  private static String timeoutDetail(SentFragment fragment, long now) {
    return "STS: no answer %d ms after sending".formatted((now - fragment.sentAt()) / 1_000_000);
  }

  private boolean expireWaiting(long now) {
    boolean gaveUpRetry = false;
    Iterator<WaitingFragment> fragments = waiting.values().iterator();
    while (fragments.hasNext()) {
      WaitingFragment fragment = fragments.next();
      if (fragment.submission().deadline() <= now) {
        fragments.remove();
        gaveUpRetry |= fragment.tries() > 0;
        fallBack(
            fragment.submission(),
            FallbackReason.OVERLOAD,
            fragment.tries() > 0 ? "refused, not sent again in time" : "not sent in time");
      }
    }
    return gaveUpRetry;
  }

  private void confirmDue(long now) {
    receipts.due(now).forEach(id -> used(id, false));
  }

  /** When {@link #pump} or {@link #expire} has something to do next; {@link #NEVER} if nothing. */
  long nextWake() {
    long wake = Math.min(sent.nextDeadline(), receipts.nextDeadline());
    for (WaitingFragment fragment : waiting.values()) {
      wake = Math.min(wake, fragment.submission().deadline());
    }
    if (open && flow.paused() && inFlight() == 0) {
      wake = Math.min(wake, flow.pauseUntil());
    }
    if (open && !waiting.isEmpty() && inFlight() < window) {
      wake = Math.min(wake, flow.sendTime(waiting.firstEntry().getValue().since()));
    }
    return wake;
  }

  /**
   * When the session counts as stalled unless any answer comes; {@link #NEVER} if nothing is out.
   */
  long stallsAt() {
    Long since = sent.unansweredSince();
    return since == null ? NEVER : since + 2 * fragmentTimeout;
  }

  // --- views ---

  boolean idle() {
    return sent.isEmpty() && waiting.isEmpty();
  }

  boolean paused() {
    return flow.paused();
  }

  int window() {
    return window;
  }

  int waiting() {
    return waiting.size();
  }

  RttWindow rtts() {
    return rtts;
  }

  /** Fragments of this session that are sent and not settled. */
  int inFlight() {
    return sent.count();
  }

  private void remove(SentFragment fragment) {
    sent.remove(fragment);
    flow.settled(inFlight());
    reportInFlight();
  }

  private void reportInFlight() {
    int now = inFlight();
    if (now != reportedInFlight) {
      reportedInFlight = now;
      observer.inFlightChanged(now);
    }
  }

  private void fallBack(Submission submission, FallbackReason reason, String detail) {
    observer.fellBack(submission.segmentIndex(), reason, detail);
    output.settle(submission, new Fallback(reason, detail));
  }
}
