package babelmux.worker.streams;

import babelmux.worker.config.Redaction;
import java.time.Instant;
import java.util.List;

/**
 * What a stream is to do; known before anything of it exists.
 *
 * @param sourceUrl what is read, with its credentials
 * @param outputUrls where the output goes, one or more, with their credentials
 * @param delayMs source time to output time
 * @param acceptedAt wall clock
 */
record StreamWork(
    String streamId, String sourceUrl, List<String> outputUrls, long delayMs, Instant acceptedAt) {

  StreamWork {
    outputUrls = List.copyOf(outputUrls);
  }

  @Override
  public String toString() {
    return streamId + ": " + Redaction.url(sourceUrl);
  }
}
