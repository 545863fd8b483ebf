package babelmux.worker.streams;

import babelmux.hooks.SourceEvent;
import babelmux.media.Secrets;
import babelmux.worker.session.SourceLocator;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The task of a stream; known before anything of it exists.
 *
 * @param sourceUrl what is read, with its credentials
 * @param locator where that is
 * @param isPosted whether the API asked for it; else its source is on MediaMTX
 * @param outputUrl where its own output goes, with its credentials
 * @param further where it is sent beside that, by name, in order; secret
 * @param unknown destinations that its publisher has asked for and no setting has
 * @param outputPath that output's path on the MediaMTX that streams come from; null when it goes
 *     elsewhere
 * @param language the target language
 * @param delayMs source time to output time
 * @param acceptedAt wall clock
 */
record StreamSpec(
    String streamId,
    String sourceUrl,
    SourceLocator locator,
    boolean isPosted,
    String outputUrl,
    Map<String, String> further,
    List<String> unknown,
    @Nullable String outputPath,
    String language,
    long delayMs,
    Instant acceptedAt) {

  StreamSpec {
    further = Collections.unmodifiableMap(new LinkedHashMap<>(further));
    unknown = List.copyOf(unknown);
  }

  /** The output's URL as it is shown: a server that is not MediaMTX may know it by a stream key. */
  String shownOutput() {
    return outputPath == null ? Secrets.maskKey(outputUrl) : Secrets.maskUrl(outputUrl);
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
