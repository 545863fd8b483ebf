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
 * @param publishTo what publishers publish to, with {@code NAME} for the stream id; null when that
 *     is not known
 * @param doctorReport whether doctor has run, so that there is a report
 */
record PageInfo(
    String version,
    @Nullable String hlsUrl,
    boolean transcripts,
    boolean tokenSet,
    @Nullable String publishTo,
    boolean doctorReport) {

  static PageInfo of(ApiParts parts, boolean tokenSet) {
    PageConfig page = parts.page();
    URI hls = page.hlsUrl();
    return new PageInfo(
        parts.version(),
        hls == null ? null : hls.toString(),
        page.transcripts(),
        tokenSet,
        parts.browser().publishTo(),
        parts.checkup().last().isPresent());
  }
}
