package babelmux.hooks;

import static java.util.Objects.requireNonNull;

/**
 * A source came to a MediaMTX path, or left it. Every value has been validated: no control
 * characters, no lone surrogates, bounded length.
 *
 * @param path MediaMTX path without a leading slash
 * @param streamId {@code [A-Za-z0-9_-]{1,64}}
 * @param direction which end of the stream the path is
 * @param sourceType as MediaMTX names it ({@code rtmpConn}, {@code srtConn}...), never empty
 * @param sourceId MediaMTX's id of this source; empty for sources that MediaMTX pulls itself
 * @param query the publisher's query as it stood in its URL ({@code lang=es&x=a%20b}), empty when
 *     there was none; may hold credentials
 * @param correlationId the caller's, or a fresh one
 */
public record SourceEvent(
    String path,
    String streamId,
    Direction direction,
    String sourceType,
    String sourceId,
    String query,
    String correlationId) {

  public SourceEvent {
    requireNonNull(path);
    requireNonNull(streamId);
    requireNonNull(direction);
    requireNonNull(sourceType);
    requireNonNull(sourceId);
    requireNonNull(query);
    requireNonNull(correlationId);
  }

  /** For logs: the values of query parameters are masked. */
  @Override
  public String toString() {
    return "SourceEvent[path=%s, sourceType=%s, sourceId=%s, query=%s, correlationId=%s]"
        .formatted(path, sourceType, sourceId, QueryText.redact(query), correlationId);
  }
}
