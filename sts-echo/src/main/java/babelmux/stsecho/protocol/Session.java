package babelmux.stsecho.protocol;

import babelmux.stsecho.protocol.Messages.Capabilities;
import babelmux.stsecho.protocol.Messages.EchoBackpressure;
import babelmux.stsecho.protocol.Messages.EchoComplete;
import babelmux.stsecho.protocol.Messages.FragmentAck;
import babelmux.stsecho.protocol.Messages.FullBackpressure;
import babelmux.stsecho.protocol.Messages.FullComplete;
import babelmux.stsecho.protocol.Messages.Statistics;
import babelmux.stsecho.protocol.Messages.StreamReady;
import babelmux.stsecho.voice.Utterance;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One stream's session, from stream:init to the end of its connection. Protocol thread only. */
final class Session {
  private static final int MAX_UNANSWERED = 32;
  private static final Duration LONGEST_DRAIN = Duration.ofSeconds(30);

  private final String id = UUID.randomUUID().toString();
  private final StreamInit init;
  private final ProtocolSettings settings;
  private final Outlet outlet;
  private final Clockwork clock;
  private final Executor protocol;
  private final Speaker speaker;
  private final InOrder<Answer> answers = new InOrder<>();
  private final Tally tally = new Tally();
  private final long startedNanos;

  private Backpressure backpressure;
  private Duration processingDelay;
  private ErrorSimulation simulation = ErrorSimulation.NONE;
  private int received;
  private int inflight;
  private int unanswered;
  private boolean paused;
  private boolean ending;
  private boolean completed;
  private boolean abandoned;

  Session(
      StreamInit init,
      ProtocolSettings settings,
      Outlet outlet,
      Clockwork clock,
      Executor protocol,
      Executor voicePool) {
    this.init = init;
    this.settings = settings;
    this.outlet = outlet;
    this.clock = clock;
    this.protocol = protocol;
    this.speaker = new Speaker(settings.voice().forSession(), voicePool);
    this.backpressure = settings.backpressure();
    this.processingDelay = settings.processingDelay();
    this.startedNanos = clock.nanos();
  }

  String streamId() {
    return init.streamId();
  }

  void ready() {
    outlet.emit(
        "stream:ready",
        Messages.json(
            new StreamReady(
                init.streamId(), id, init.maxInflight(), new Capabilities(false, true))));
  }

  /** Nothing of this session is sent any more: its client is gone or has begun another one. */
  void abandon() {
    abandoned = true;
  }

  void fragment(JsonNode payload) {
    FragmentData fragment;
    try {
      fragment = FragmentData.read(payload, init);
    } catch (BadPayload e) {
      refuse(Refusal.malformed(settings.dialect(), e), payload.path("fragment_id").asText(null));
      return;
    }
    Refusal refusal = refusal(fragment);
    if (refusal != null) {
      refuse(refusal, fragment.fragmentId());
      return;
    }
    received++;
    inflight++;
    unanswered++;
    acknowledge(fragment);
    signalBackpressure();
    process(fragment, simulation.failure(fragment, received));
  }

  private @Nullable Refusal refusal(FragmentData fragment) {
    if (ending) {
      return Refusal.noSession(settings.dialect());
    }
    if (paused) {
      return Refusal.paused(settings.dialect());
    }
    if (fragment.tooLarge()) {
      return Refusal.tooLarge(fragment.audio().dataBase64().length());
    }
    return unanswered >= MAX_UNANSWERED ? Refusal.queueFull(unanswered) : null;
  }

  private void refuse(Refusal refusal, @Nullable String fragmentId) {
    outlet.emit("error", refusal.json(settings.dialect(), init.streamId(), fragmentId));
  }

  private void acknowledge(FragmentData fragment) {
    boolean full = settings.dialect() == Dialect.FULL;
    outlet.emit(
        "fragment:ack",
        Messages.json(
            new FragmentAck(
                fragment.fragmentId(),
                "queued",
                full ? clock.unixMs() : null,
                full ? null : inflight - 1,
                null)));
  }

  private void signalBackpressure() {
    Backpressure.Signal signal = backpressure.at(inflight, init.maxInflight());
    if (signal == null) {
      return;
    }
    outlet.emit(
        "backpressure",
        Messages.json(
            settings.dialect() == Dialect.FULL
                ? new FullBackpressure(
                    init.streamId(),
                    signal.severity(),
                    signal.action(),
                    inflight,
                    init.maxInflight(),
                    signal.severity(),
                    signal.delayMs())
                : new EchoBackpressure(
                    init.streamId(),
                    signal.severity(),
                    signal.action(),
                    inflight,
                    unanswered,
                    signal.delayMs())));
  }

  private void process(FragmentData fragment, Messages.@Nullable Failure failure) {
    long arrivedNanos = clock.nanos();
    if (failure != null) {
      due(arrivedNanos, () -> answer(Answer.failed(fragment, failure, arrivedNanos)));
      return;
    }
    Utterance utterance =
        new Utterance(
            fragment.sequenceNumber(),
            fragment.streamId(),
            init.sourceLanguage(),
            init.targetLanguage(),
            fragment.audio());
    speaker
        .speak(utterance)
        .whenCompleteAsync(
            (spoken, problem) ->
                due(
                    arrivedNanos,
                    () ->
                        answer(
                            problem == null
                                ? Answer.spoken(fragment, spoken, arrivedNanos)
                                : Answer.unspoken(fragment, problem, arrivedNanos))),
            protocol);
  }

  private void due(long arrivedNanos, Runnable answer) {
    Duration passed = Duration.ofNanos(clock.nanos() - arrivedNanos);
    Duration left = processingDelay.minus(passed);
    if (left.isNegative() || left.isZero()) {
      answer.run();
    } else {
      clock.after(left, answer);
    }
  }

  private void answer(Answer ready) {
    for (Answer answer : answers.offer(ready.sequence(), ready)) {
      emit(answer);
    }
    if (ending && unanswered == 0) {
      complete();
    }
  }

  private void emit(Answer answer) {
    unanswered--;
    if (abandoned) {
      return;
    }
    long processingMs = (clock.nanos() - answer.arrivedNanos()) / 1_000_000;
    if (!completed) {
      tally.count(answer.status(), processingMs);
    }
    outlet.emit("fragment:processed", answer.json(settings.dialect(), processingMs));
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

  /** Completes when everything is answered, or when the client's own limit has passed. */
  void end() {
    if (ending) {
      return;
    }
    ending = true;
    if (unanswered == 0) {
      complete();
      return;
    }
    Duration limit = Duration.ofMillis(init.timeoutMs());
    clock.after(limit.compareTo(LONGEST_DRAIN) < 0 ? limit : LONGEST_DRAIN, this::complete);
  }

  private void complete() {
    if (completed || abandoned) {
      return;
    }
    completed = true;
    outlet.emit("stream:complete", completion());
    clock.after(settings.autoDisconnect(), this::leave);
  }

  private ObjectNode completion() {
    long ageMs = (clock.nanos() - startedNanos) / 1_000_000;
    Statistics statistics = tally.statistics();
    return Messages.json(
        settings.dialect() == Dialect.FULL
            ? new FullComplete(
                init.streamId(),
                tally.total(),
                ageMs,
                statistics.successCount(),
                statistics.failedCount() + statistics.partialCount(),
                statistics.avgProcessingTimeMs(),
                null)
            : new EchoComplete(init.streamId(), tally.total(), ageMs, statistics));
  }

  private void leave() {
    if (!abandoned) {
      outlet.disconnect();
    }
  }
}
