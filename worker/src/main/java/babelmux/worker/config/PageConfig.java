package babelmux.worker.config;

import babelmux.media.Secrets;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the page that shows the worker, and of what the API shows beside it.
 *
 * @param hlsUrl where viewers reach MediaMTX's HLS: scheme, host, perhaps port and path, without a
 *     slash at the end; null: the host that the page was asked under, port 8888
 * @param transcripts whether the words of slots are shown
 */
public record PageConfig(@Nullable URI hlsUrl, boolean transcripts) {

  /** Transcripts, and no URL. */
  public static final PageConfig DEFAULTS = new PageConfig(null, true);

  private static final Set<String> WEB = Set.of("http", "https");
  private static final String PATH = "(?:/[A-Za-z0-9._~-]+)*";

  static final Setting<URI> HLS_URL =
      Setting.optional(
          "page.hls-url",
          Parser.of(
                  "an http or https URL without credentials and query, such as https://dub.example:8888",
                  PageConfig::hlsUrl)
              .showing(Secrets::maskUrl),
          "the host that the page is asked under, port 8888",
          "MediaMTX's HLS as the browsers of those who look at the page reach it. Players and"
              + " playlists lead there, and nowhere else.");

  static final Setting<Boolean> TRANSCRIPTS =
      Setting.optional(
          "page.transcripts",
          Parsers.bool(),
          "true when http.host is a loopback address, else false",
          "Show what the STS says of each slot, transcript and translation: in the API, on the page,"
              + " and as captions. It is shown before it is on air. Recordings have it anyway.");

  static final List<Setting<?>> SETTINGS = List.of(HLS_URL, TRANSCRIPTS);

  static PageConfig from(Values values, HttpConfig http) {
    return new PageConfig(
        values.find(HLS_URL).orElse(null),
        values.find(TRANSCRIPTS).orElseGet(() -> isLoopback(http.host())));
  }

  /** By the text: no name is looked up. */
  private static boolean isLoopback(String host) {
    String literal = host.replaceAll("[\\[\\]]|%.*", "");
    return host.equalsIgnoreCase("localhost") || AddressRange.isLoopback(literal);
  }

  /** It stands in a Content-Security-Policy: nothing in it may end there what it is part of. */
  private static URI hlsUrl(String text) {
    try {
      URI uri = new URI(text.replaceAll("/+$", ""));
      Parsers.require(uri.getScheme() != null && WEB.contains(uri.getScheme()));
      Parsers.require(uri.getHost() != null && uri.getRawUserInfo() == null);
      Parsers.require(uri.getPort() <= 65535 && uri.getPort() != 0);
      Parsers.require(uri.getRawQuery() == null && uri.getRawFragment() == null);
      Parsers.require(uri.getRawPath().matches(PATH));
      return uri;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a URL", e);
    }
  }
}
