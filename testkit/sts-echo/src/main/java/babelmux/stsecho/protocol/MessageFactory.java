package babelmux.stsecho.protocol;

import babelmux.stsecho.protocol.Messages.Capabilities;
import babelmux.stsecho.protocol.Messages.DurationMetadata;
import babelmux.stsecho.protocol.Messages.EchoBackpressure;
import babelmux.stsecho.protocol.Messages.EchoComplete;
import babelmux.stsecho.protocol.Messages.EchoError;
import babelmux.stsecho.protocol.Messages.FragmentAck;
import babelmux.stsecho.protocol.Messages.FragmentProcessed;
import babelmux.stsecho.protocol.Messages.FullBackpressure;
import babelmux.stsecho.protocol.Messages.FullComplete;
import babelmux.stsecho.protocol.Messages.FullError;
import babelmux.stsecho.protocol.Messages.FullStatistics;
import babelmux.stsecho.protocol.Messages.ModelMetadata;
import babelmux.stsecho.protocol.Messages.StageTimings;
import babelmux.stsecho.protocol.Messages.Statistics;
import babelmux.stsecho.protocol.Messages.StreamReady;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Words the server's messages in a dialect. Pure. */
record MessageFactory(Dialect dialect) {

  ObjectNode ready(StreamInit init, String sessionId) {
    return Messages.json(
        new StreamReady(
            init.streamId(), sessionId, init.maxInflight(), new Capabilities(false, true)));
  }

  ObjectNode ack(String fragmentId, int inflight, long unixMs) {
    boolean full = dialect == Dialect.FULL;
    return Messages.json(
        new FragmentAck(
            fragmentId, "queued", full ? unixMs : null, full ? null : inflight - 1, null));
  }

  ObjectNode backpressure(
      Backpressure.Signal signal, String streamId, int inflight, int queued, int maxInflight) {
    return Messages.json(
        dialect == Dialect.FULL
            ? new FullBackpressure(
                streamId,
                signal.severity(),
                signal.action(),
                inflight,
                maxInflight,
                signal.severity(),
                signal.delayMs())
            : new EchoBackpressure(
                streamId, signal.severity(), signal.action(), inflight, queued, signal.delayMs()));
  }

  ObjectNode error(Refusal refusal, @Nullable String streamId, @Nullable String fragmentId) {
    return Messages.json(
        dialect == Dialect.FULL
            ? new FullError(refusal.code(), refusal.message(), refusal.retryable(), null, null)
            : new EchoError(
                null,
                streamId,
                fragmentId,
                refusal.code(),
                refusal.message(),
                refusal.severity(),
                refusal.retryable(),
                null));
  }

  /** The audio field is null here; it is laid over. */
  ObjectNode processed(Answer answer, long processingMs) {
    FragmentData fragment = answer.fragment();
    EncodedSynthesis encodedSynthesis = answer.encodedSynthesis();
    ObjectNode payload =
        Messages.json(
            new FragmentProcessed(
                fragment.fragmentId(),
                fragment.streamId(),
                fragment.sequenceNumber(),
                answer.status(),
                null,
                encodedSynthesis == null ? null : encodedSynthesis.synthesis().transcript(),
                encodedSynthesis == null ? null : encodedSynthesis.synthesis().translation(),
                processingMs,
                new StageTimings(0, 0, 0),
                answer.failure(),
                metadata(answer)));
    if (encodedSynthesis != null) {
      payload.set("dubbed_audio", encodedSynthesis.audio());
    }
    return payload;
  }

  private @Nullable Record metadata(Answer answer) {
    if (dialect == Dialect.ECHO) {
      return new ModelMetadata("echo", "echo", "echo", null);
    }
    EncodedSynthesis encodedSynthesis = answer.encodedSynthesis();
    if (encodedSynthesis == null) {
      return null;
    }
    int original = answer.fragment().audio().durationMs();
    int dubbed = encodedSynthesis.synthesis().audio().durationMs();
    double ratio = dubbed == 0 ? 1 : original / (double) dubbed;
    double variance = original == 0 ? 0 : 100.0 * Math.abs(dubbed - original) / original;
    return new DurationMetadata(original, dubbed, variance, Math.min(2, Math.max(0.5, ratio)));
  }

  ObjectNode complete(String streamId, Tally tally, long ageMs) {
    Statistics statistics = tally.statistics();
    return Messages.json(
        dialect == Dialect.FULL
            ? new FullComplete(
                streamId,
                tally.total(),
                ageMs,
                new FullStatistics(
                    tally.total(),
                    statistics.successCount(),
                    statistics.partialCount(),
                    // This server counts what was partial as failed.
                    statistics.failedCount() + statistics.partialCount(),
                    statistics.avgProcessingTimeMs(),
                    statistics.p95ProcessingTimeMs(),
                    0))
            : new EchoComplete(streamId, tally.total(), ageMs, statistics));
  }
}
