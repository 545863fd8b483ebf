package babelmux.stsecho.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Messages of the server; unset fields leave as JSON null, as with the servers in the field. */
final class Messages {
  private static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private Messages() {}

  static ObjectNode json(Record message) {
    return JSON.valueToTree(message);
  }

  record Capabilities(boolean batchProcessing, boolean asyncDelivery) {}

  record StreamReady(
      String streamId, String sessionId, int maxInflight, Capabilities capabilities) {}

  record FragmentAck(
      String fragmentId,
      String status,
      @Nullable Long timestamp,
      @Nullable Integer queuePosition,
      @Nullable Integer estimatedCompletionMs) {}

  record StageTimings(int asrMs, int translationMs, int ttsMs) {}

  record Failure(String code, String message, @Nullable String stage, boolean retryable) {}

  record FragmentProcessed(
      String fragmentId,
      String streamId,
      int sequenceNumber,
      String status,
      @Nullable Record dubbedAudio,
      @Nullable String transcript,
      @Nullable String translatedText,
      long processingTimeMs,
      @Nullable StageTimings stageTimings,
      @Nullable Failure error,
      @Nullable Record metadata) {}

  record ModelMetadata(
      String asrModel,
      String translationModel,
      String ttsModel,
      @Nullable Integer gpuUtilization) {}

  record DurationMetadata(
      int originalDurationMs,
      int dubbedDurationMs,
      double durationVariancePercent,
      double speedRatio) {}

  record EchoBackpressure(
      String streamId,
      String severity,
      String action,
      int currentInflight,
      int queueDepth,
      @Nullable Integer recommendedDelayMs) {}

  record FullBackpressure(
      String streamId,
      String severity,
      String action,
      int currentInflight,
      int maxInflight,
      @Nullable String thresholdExceeded,
      @Nullable Integer recommendedDelayMs) {}

  record EchoError(
      @Nullable String errorId,
      @Nullable String streamId,
      @Nullable String fragmentId,
      String code,
      String message,
      String severity,
      boolean retryable,
      @Nullable Record metadata) {}

  record FullError(
      String code,
      String message,
      boolean retryable,
      @Nullable String stage,
      @Nullable Record details) {}

  record Statistics(
      int successCount,
      int partialCount,
      int failedCount,
      long avgProcessingTimeMs,
      long p95ProcessingTimeMs) {}

  record EchoComplete(
      String streamId, int totalFragments, long totalDurationMs, Statistics statistics) {}

  record FullStatistics(
      int totalFragments,
      int successCount,
      int partialCount,
      int failedCount,
      long avgProcessingTimeMs,
      long p95ProcessingTimeMs,
      long totalAudioDurationMs) {}

  record FullComplete(
      String streamId, int totalFragments, long totalDurationMs, FullStatistics statistics) {}

  record SimulationAck(String status, int rulesCount, String message) {}

  record DisconnectAck(String status, long disconnectAtMs, String message) {}

  record Struck(@JsonProperty("do") String word, String stage, int session, int sequenceNumber) {}

  record SessionState(
      String streamId,
      String sessionId,
      int session,
      int received,
      int inflight,
      int unanswered,
      boolean paused,
      boolean ending,
      Statistics statistics) {}

  record Monitored(long n, String direction, long atMs, String peer, @Nullable String streamId) {}
}
