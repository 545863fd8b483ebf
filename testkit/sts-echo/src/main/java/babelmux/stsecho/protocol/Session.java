package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.Fault;
import babelmux.stsecho.drill.FragmentFate;
import babelmux.stsecho.payload.BadPayload;
import babelmux.stsecho.protocol.Messages.Failure;
import babelmux.stsecho.voice.SynthesisRequest;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One stream's session, from stream:init to the end of its connection. Protocol thread only. */
final class Session {
  private static final int MAX_UNANSWERED = 32;

  private final String id = UUID.randomUUID().toString();
  private final StreamInit init;
  private final SessionContext context;
  private final ClientChannel clientChannel;
  private final Scheduler clock;
  private final MessageFactory messageFactory;
  private final Speaker speaker;
  private final InOrder<Answer> answers = new InOrder<>();
  private final Delivery delivery;
  private final Tally tally = new Tally();
  private final Refusals refusals = new Refusals();
  private final Ending ending;

  private Backpressure backpressure;
  private Duration processingDelay;
  private ErrorSimulation simulation = ErrorSimulation.NONE;
  private int received;
  private int inflight;
  private int unanswered;
  private boolean paused;
  private boolean pressed;
  private boolean abandoned;

  Session(StreamInit init, SessionContext context, Dialect dialect) {
    this.init = init;
    this.context = context;
    this.clientChannel = context.clientChannel();
    this.clock = context.clock();
    this.messageFactory = new MessageFactory(dialect);
    this.speaker = new Speaker(context.settings().voice().forSession(), context.voicePool());
    this.delivery = new Delivery(clientChannel);
    this.backpressure = context.settings().backpressure();
    this.processingDelay = context.settings().processingDelay();
    this.ending = new Ending(init, context, messageFactory, tally, delivery);
  }

  String streamId() {
    return init.streamId();
  }

  String id() {
    return id;
  }

  Dialect dialect() {
    return messageFactory.dialect();
  }

  /** Sends stream:ready, or what the drill has for it. */
  void ready(List<Fault> faults) {
    new Opening(init, id, context, messageFactory).perform(faults, load());
  }

  /** Nothing of this session is sent any more: its client is gone or has begun another one. */
  void abandon() {
    abandoned = true;
    ending.abandon();
  }

  void fragment(JsonNode payload) {
    FragmentData fragment;
    try {
      fragment = FragmentData.read(payload, init);
    } catch (BadPayload e) {
      refuse(Refusal.malformed(dialect(), e), payload.path("fragment_id").asText(null));
      return;
    }
    Refusal refusal = refusal(fragment);
    if (refusal == null) {
      accept(
          fragment,
          context.fate(
              init.streamId(), fragment.sequenceNumber(), refusals.of(fragment.sequenceNumber())));
    } else {
      refuse(refusal, fragment.fragmentId());
    }
  }

  private @Nullable Refusal refusal(FragmentData fragment) {
    if (ending.begun()) {
      return Refusal.noSession(dialect());
    }
    if (paused) {
      return Refusal.paused(dialect());
    }
    if (fragment.tooLarge()) {
      return Refusal.tooLarge(fragment.audio().dataBase64().length());
    }
    return unanswered >= MAX_UNANSWERED ? Refusal.queueFull(unanswered) : null;
  }

  private void refuse(Refusal refusal, @Nullable String fragmentId) {
    clientChannel.emit("error", messageFactory.error(refusal, init.streamId(), fragmentId));
  }

  private void accept(FragmentData fragment, FragmentFate fate) {
    if (fate.disconnectsAt(Fault.Point.BEFORE_ACK)) {
      FaultInjector.disconnect(fate.disconnect(), clientChannel);
      return;
    }
    if (fate.refusal() != null) {
      refusals.add(fragment.sequenceNumber());
      FaultInjector.error(fate.refusal(), init.streamId(), fragment.fragmentId(), clientChannel);
      return;
    }
    received++;
    inflight++;
    unanswered++;
    if (fate.acknowledged()) {
      clientChannel.emit(
          "fragment:ack", messageFactory.ack(fragment.fragmentId(), inflight, clock.unixMs()));
    }
    signalBackpressure();
    fate.beside().forEach(fault -> FaultInjector.beside(fault, load(), clientChannel, clock));
    if (fate.disconnectsAt(Fault.Point.AFTER_ACK)) {
      FaultInjector.disconnect(fate.disconnect(), clientChannel);
      return;
    }
    process(fragment, fate);
  }

  private void signalBackpressure() {
    Backpressure.Signal signal = backpressure.at(inflight, init.maxInflight());
    boolean presses = signal != null;
    if (pressed && !presses) {
      signal = backpressure.cleared();
    }
    pressed = presses;
    if (signal != null) {
      clientChannel.emit(
          "backpressure",
          messageFactory.backpressure(
              signal, init.streamId(), inflight, unanswered, init.maxInflight()));
    }
  }

  private void process(FragmentData fragment, FragmentFate fate) {
    long arrived = clock.nanos();
    Duration delay = processingDelay.plusMillis(fate.delayMs(init.timeoutMs()));
    Failure failure = failure(fragment, fate);
    if (failure != null) {
      due(arrived, delay, new Answer(fragment, fate, null, failure, arrived));
      return;
    }
    SynthesisRequest synthesisRequest =
        new SynthesisRequest(
            fragment.sequenceNumber(),
            fragment.streamId(),
            init.sourceLanguage(),
            init.targetLanguage(),
            fragment.audio());
    speaker
        .speak(synthesisRequest, fate.audio())
        .whenCompleteAsync(
            (encodedSynthesis, problem) ->
                due(arrived, delay, Answer.of(fragment, fate, encodedSynthesis, problem, arrived)),
            context.protocol());
  }

  private @Nullable Failure failure(FragmentData fragment, FragmentFate fate) {
    Fault.Fail fail = fate.failure();
    return fail == null
        ? simulation.failure(fragment, received)
        : new Failure(fail.code(), fail.message(), fail.stage(), fail.retryable());
  }

  private void due(long arrivedNanos, Duration delay, Answer answer) {
    Duration left = delay.minusNanos(clock.nanos() - arrivedNanos);
    if (left.isNegative() || left.isZero()) {
      finish(answer);
    } else {
      clock.after(left, () -> finish(answer));
    }
  }

  private void finish(Answer ready) {
    if (context.plan().get().plan().ordered()) {
      answers.offer(ready.sequence(), ready).forEach(this::emit);
    } else {
      emit(ready);
    }
    if (unanswered == 0) {
      ending.allAnswered();
    }
  }

  private void emit(Answer answer) {
    unanswered--;
    if (abandoned) {
      return;
    }
    long processingMs = (clock.nanos() - answer.arrivedNanos()) / 1_000_000;
    if (!ending.completed()) {
      tally.count(answer.status(), processingMs);
    }
    delivery.deliver(messageFactory.processed(answer, processingMs), answer.fate());
  }

  /** The client took a result: whatever it says about it, one less is in flight. */
  void acknowledged() {
    inflight = Math.max(0, inflight - 1);
  }

  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
  }

  void simulate(ErrorSimulation rules) {
    simulation = rules;
  }

  void slowDown(Duration delay) {
    processingDelay = delay;
  }

  void press(Backpressure rule) {
    backpressure = rule;
  }

  /** The client will send no more. */
  void end() {
    ending.begin(unanswered, load());
  }

  FaultInjector.Load load() {
    return new FaultInjector.Load(init.streamId(), inflight, unanswered, init.maxInflight());
  }

  /** For people: what is going on. */
  Messages.SessionState state() {
    return new Messages.SessionState(
        init.streamId(),
        id,
        context.ordinal(),
        received,
        inflight,
        unanswered,
        paused,
        ending.begun(),
        tally.statistics());
  }
}
