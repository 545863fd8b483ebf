package babelmux.worker.streams;

import babelmux.hooks.SourceEvent;
import babelmux.media.Secrets;
import babelmux.worker.session.SourceLocator;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The task of a stream; known before anything of it exists.
 *
 * @param sourceUrl what is read, with its credentials
 * @param locator where that is
 * @param isPosted whether the API asked for it; else its source is on MediaMTX
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
    SourceLocator locator,
    boolean isPosted,
    List<String> outputUrls,
    @Nullable String outputPath,
    String language,
    long delayMs,
    Instant acceptedAt) {

  StreamSpec {
    outputUrls = List.copyOf(outputUrls);
  }

  /** The source as a status shows it: MediaMTX tells nothing of one that was posted. */
  StreamStatus.Source shown(SourceEvent source) {
    return new StreamStatus.Source(
        Secrets.maskUrl(sourceUrl),
        isPosted ? null : source.sourceType(),
        isPosted ? null : source.sourceId());
  }

  @Override
  public String toString() {
    return streamId + ": " + Secrets.maskUrl(sourceUrl);
  }
}
