package babelmux.worker.streams;

import babelmux.media.Secrets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The task of a stream; known before anything of it exists.
 *
 * @param sourceUrl what is read, with its credentials
 * @param outputUrls where the output goes, one or more, with their credentials
 * @param outputPath the first output's path on the MediaMTX that streams come from; null when it
 *     goes elsewhere
 * @param language the target language
 * @param delayMs source time to output time
 * @param acceptedAt wall clock
 */
record StreamSpec(
    String streamId,
    String sourceUrl,
    List<String> outputUrls,
    @Nullable String outputPath,
    String language,
    long delayMs,
    Instant acceptedAt) {

  StreamSpec {
    outputUrls = List.copyOf(outputUrls);
  }

  @Override
  public String toString() {
    return streamId + ": " + Secrets.maskUrl(sourceUrl);
  }
}
