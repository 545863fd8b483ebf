package babelmux.hooks;

import java.util.List;

/**
 * A path as the Control API lists it.
 *
 * @param name without a leading slash
 * @param ready whether readers can be served ({@code available} on newer servers)
 * @param sourceType empty when there is no source, as with a slate ({@code alwaysAvailable})
 * @param sourceId empty for sources that MediaMTX pulls, and when there is none
 * @param tracks codec names such as {@code H264}, {@code MPEG-4 Audio}
 * @param inboundBytes received from the source, 0 or more
 */
public record ListedPath(
    String name,
    boolean ready,
    String sourceType,
    String sourceId,
    List<String> tracks,
    long inboundBytes) {
  public ListedPath {
    tracks = List.copyOf(tracks);
  }
}
