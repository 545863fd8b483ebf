package babelmux.worker.api;

import babelmux.worker.config.PageConfig;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What the page has to know before it shows anything: the body of {@code GET /v1/page}.
 *
 * @param version of this program
 * @param hlsUrl where viewers reach MediaMTX's HLS, without a slash at the end; null: the host that
 *     the page was asked under, port 8888
 * @param transcripts whether slots have their words
 * @param tokenSet whether requests want a token, or a session made with it
 * @param outputPrefix what the paths of outputs begin with; null when that is not known
 */
record PageInfo(
    String version,
    @Nullable String hlsUrl,
    boolean transcripts,
    boolean tokenSet,
    @Nullable String outputPrefix) {

  static PageInfo of(String version, PageConfig page, boolean tokenSet) {
    URI hls = page.hlsUrl();
    return new PageInfo(
        version, hls == null ? null : hls.toString(), page.transcripts(), tokenSet, null);
  }
}
