package babelmux.worker.destinations;

import babelmux.media.Secrets;
import babelmux.worker.hosts.HostNotAllowed;
import babelmux.worker.sources.InvalidSource;
import babelmux.worker.sources.SourceUrl;
import java.util.Locale;
import java.util.Set;

/**
 * The URL of a destination that the API names: rtmp, rtmps or srt. Holds a stream key most of the
 * time; {@link #toString} shows none.
 */
public record DestinationUrl(SourceUrl server) {
  private static final Set<String> SCHEMES = Set.of("rtmp", "rtmps", "srt");
  private static final Set<String> FILES = Set.of("", "file");

  /**
   * Reads a URL.
   *
   * @throws HostNotAllowed for a file; the message names the setting
   * @throws InvalidSource if it is none that the API may name; redacted
   */
  public static DestinationUrl parse(String text) throws HostNotAllowed, InvalidSource {
    int colon = text.indexOf("://");
    String scheme = colon < 0 ? schemeOf(text) : text.substring(0, colon).toLowerCase(Locale.ROOT);
    if (FILES.contains(scheme)) {
      throw new HostNotAllowed(
          "files are written for output.destinations alone: expected rtmp, rtmps or srt on a host of"
              + " output.destinations-allow");
    }
    if (!SCHEMES.contains(scheme)) {
      throw new InvalidSource(
          "expected rtmp://HOST/APP/KEY, rtmps://HOST/APP/KEY or srt://HOST:PORT?streamid=ID");
    }
    return new DestinationUrl(SourceUrl.parse(text, Secrets::maskKey));
  }

  /** Of {@code file:/a}, which has no host. */
  private static String schemeOf(String text) {
    int colon = text.indexOf(':');
    boolean isFile = colon > 0 && text.substring(0, colon).equalsIgnoreCase("file");
    return isFile || text.startsWith("/") || text.startsWith(".") ? "file" : "?";
  }

  /** Redacted. */
  @Override
  public String toString() {
    return Secrets.maskKey(server.reveal());
  }
}
