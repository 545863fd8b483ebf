package babelmux.worker.sts.link;

import babelmux.worker.sts.FallbackReason;
import babelmux.worker.sts.ProtocolViolation;
import babelmux.worker.sts.StsObserver;
import babelmux.worker.sts.StsOutcome.Dub;
import babelmux.worker.sts.StsOutcome.DubStatus;
import babelmux.worker.sts.wire.ClientMessage;
import babelmux.worker.sts.wire.ServerMessage.DubbedAudio;
import babelmux.worker.sts.wire.ServerMessage.FragmentProcessed;
import babelmux.worker.sts.wire.ServerMessage.Status;
import babelmux.worker.sts.wire.ServerMessage.StsError;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The answers of the service: matches them by fragment id, settles what they are for, counts what
 * they should not be, and confirms each once. Single-threaded; times are nanoseconds since the link
 * was opened.
 */
final class ResponseHandler {
  private final String streamId;
  private final InFlight sent;
  private final StsBreaker breaker;
  private final FlowControl flow;
  private final LinkOutput output;
  private final StsObserver observer;
  private final InstantSource wall;
  private final Fallbacks fallbacks;
  private final PendingAcks pendingAcks = new PendingAcks();
  private final ResponseHistory book = new ResponseHistory();
  private final RttWindow rtts = new RttWindow();

  ResponseHandler(
      String streamId,
      InFlight sent,
      StsBreaker breaker,
      FlowControl flow,
      LinkOutput output,
      StsObserver observer,
      InstantSource wall) {
    this.streamId = streamId;
    this.sent = sent;
    this.breaker = breaker;
    this.flow = flow;
    this.output = output;
    this.observer = observer;
    this.wall = wall;
    this.fallbacks = new Fallbacks(output, observer);
  }

  /**
   * An answer has come.
   *
   * @return the session that its fragment was sent in; null when that is not known
   */
  @Nullable WireSession processed(FragmentProcessed answer, long now) {
    SentFragment fragment = sent.find(answer.fragmentId());
    if (fragment == null) {
      return unmatched(answer, now);
    }
    sent.remove(fragment);
    if (!fragment.acknowledged()) {
      sent.confirmed(false);
    }
    book.firstAnswer(fragment.id());
    long rtt = now - fragment.sentAt();
    rtts.add(rtt);
    observer.processed(
        fragment.submission().segmentIndex(),
        fragment.id(),
        answer.status().name(),
        Duration.ofNanos(rtt));
    checkLabels(answer, fragment);
    if (answer.status() == Status.FAILED) {
      failed(fragment, answer.error(), now);
    } else {
      dubbed(fragment, answer, rtt);
    }
    return fragment.session();
  }

  private @Nullable WireSession unmatched(FragmentProcessed answer, long now) {
    ResponseHistory.Missed missed = book.takeMissed(answer.fragmentId());
    if (!book.firstAnswer(answer.fragmentId())) {
      observer.violation(ProtocolViolation.DUPLICATE_ANSWER, answer.fragmentId());
      return null;
    }
    if (missed != null) {
      rtts.add(now - missed.sentAt());
      observer.late(
          missed.segmentIndex(), answer.fragmentId(), Duration.ofNanos(now - missed.sentAt()));
    } else {
      observer.violation(ProtocolViolation.UNKNOWN_FRAGMENT, answer.fragmentId());
    }
    confirm(answer.fragmentId(), false);
    return missed == null ? null : missed.session();
  }

  private void checkLabels(FragmentProcessed answer, SentFragment fragment) {
    boolean stream = answer.streamId().isEmpty() || answer.streamId().equals(streamId);
    boolean number =
        answer.sequenceNumber().orElse(fragment.sequenceNumber()) == fragment.sequenceNumber();
    if (!stream || !number) {
      observer.violation(
          ProtocolViolation.MISLABELLED_ANSWER,
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
      fallbacks.settle(fragment.submission(), FallbackReason.INVALID_OUTPUT, "STS: " + problem);
      return;
    }
    breaker.success(fragment.permit());
    flow.succeeded();
    String id = fragment.id();
    pendingAcks.expect(id, fragment.submission().deadline());
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
    boolean retryable = error != null && code.mayRetry(error);
    observer.failed(error == null ? "" : error.code(), retryable);
    breaker.judge(fragment.permit(), code, retryable);
    confirm(fragment.id(), false);
    flow.failed(code, error == null ? OptionalLong.empty() : error.retryAfterMillis(), now);
    fallbacks.settle(fragment.submission(), code.reason(), "STS: " + text);
  }

  /** A fragment fell back before its answer came: that one will be late. */
  void missed(SentFragment fragment) {
    book.miss(fragment);
  }

  // --- receipts ---

  /** The session says whether a dub was used. */
  void used(String fragmentId, boolean applied) {
    if (pendingAcks.take(fragmentId)) {
      confirm(fragmentId, applied);
    }
  }

  /** Confirms as not used what the session has not decided when its slot was due. */
  void confirmDue(long now) {
    pendingAcks.due(now).forEach(id -> used(id, false));
  }

  /** The link ends: what the session has not decided counts as not used. */
  void confirmAll() {
    confirmDue(FragmentSender.NEVER);
  }

  private void confirm(String fragmentId, boolean applied) {
    output.emit(
        new ClientMessage.FragmentAck(fragmentId, applied ? "applied" : "received", wall.millis()));
  }

  /** When {@link #confirmDue} has something to do next; {@link FragmentSender#NEVER} if nothing. */
  long nextDeadline() {
    return pendingAcks.nextDeadline();
  }

  /** The connection is gone: no answer to what was sent on it can come. */
  void forgetAll() {
    pendingAcks.clear();
    book.clear();
  }

  RttWindow rtts() {
    return rtts;
  }
}
