package babelmux.bench;

import java.net.URI;
import java.util.List;

/** What a viewer needs of an HLS playlist. Pure. */
final class HlsPlaylist {
  private HlsPlaylist() {}

  /** Addresses in the order of the playlist: variants of the main one, segments of the others. */
  static List<URI> addresses(URI playlist, String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .map(playlist::resolve)
        .toList();
  }

  /** The renditions that are fetched beside the variant, such as audio of its own. */
  static List<URI> renditions(URI playlist, String text) {
    return text.lines()
        .filter(line -> line.startsWith("#EXT-X-MEDIA:") && line.contains("URI=\""))
        .map(line -> line.replaceFirst(".*URI=\"([^\"]*)\".*", "$1"))
        .map(playlist::resolve)
        .toList();
  }
}
