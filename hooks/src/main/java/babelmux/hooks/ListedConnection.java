package babelmux.hooks;

/**
 * An RTMP connection as the Control API lists it.
 *
 * @param id the same as the source id where it publishes
 * @param state {@code idle} (connected; a publisher in the server's analysis too), {@code read} or
 *     {@code publish}
 * @param path empty while idle
 * @param query the client's query; may hold credentials
 * @param remoteAddress host:port
 * @param inboundBytes received from the client
 * @param outboundBytes sent to the client
 * @param outboundFramesDiscarded frames not sent because the client read too slowly; 0 on servers
 *     that do not tell
 */
public record ListedConnection(
    String id,
    String state,
    String path,
    String query,
    String remoteAddress,
    long inboundBytes,
    long outboundBytes,
    long outboundFramesDiscarded) {

  /** For logs: the values of query parameters are masked. */
  @Override
  public String toString() {
    return "ListedConnection[id=%s, state=%s, path=%s, query=%s, remoteAddress=%s]"
        .formatted(id, state, path, QueryText.redact(query), remoteAddress);
  }
}
