package babelmux.worker.recording;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * @param directory of all recordings; is there and can be written
 * @param maxDuration after which a file is followed by another one; null for never
 * @param sourceLanguage that the originals speak
 * @param targetLanguage that the dubs speak
 * @param outputStart the output time of session time 0
 * @param fragment how much media is written at a time
 * @param maxQueueBytes bytes that may wait for a slow disk
 * @param maxQueueSpan media time that may wait for a slow disk
 * @param retryAfter how long after an error a new file is tried
 * @param minFreeBytes that the disk must have for that
 */
public record RecorderOptions(
    Path directory,
    @Nullable Duration maxDuration,
    String sourceLanguage,
    String targetLanguage,
    Duration outputStart,
    Duration fragment,
    long maxQueueBytes,
    Duration maxQueueSpan,
    Duration retryAfter,
    long minFreeBytes) {

  /** What is no setting is at its default. */
  public static RecorderOptions of(
      Path directory,
      @Nullable Duration maxDuration,
      String sourceLanguage,
      String targetLanguage,
      Duration outputStart) {
    return new RecorderOptions(
        directory,
        maxDuration,
        sourceLanguage,
        targetLanguage,
        outputStart,
        Duration.ofSeconds(1),
        64L << 20,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        64L << 20);
  }

  long maxLengthUs() {
    return maxDuration == null ? Long.MAX_VALUE : maxDuration.toNanos() / 1000;
  }
}
