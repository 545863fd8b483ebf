package babelmux.page;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the Content-Security-Policy of the page. A function of text. */
final class ContentPolicy {

  private static final int HLS_PORT = 8888;
  private static final String NAME =
      "[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*\\.?";
  // A policy cannot name an IPv6 address.
  private static final Pattern HOST = Pattern.compile("(?<host>" + NAME + ")(?::\\d{1,5})?");
  private static final Pattern ORIGIN =
      Pattern.compile("(?<origin>https?://(?:" + NAME + ")(?::\\d{1,5})?)(?:/.*)?");
  private static final int MAX_HOST = 262;

  private ContentPolicy() {}

  /**
   * The policy: nothing but this worker and the server that has the HLS.
   *
   * @param hlsUrl setting {@code page.hls-url}; null means the page's host, port 8888
   * @param host header of the request; anything. One that is no host adds nothing
   * @param tls whether the request came over TLS
   */
  static String of(@Nullable String hlsUrl, @Nullable String host, boolean tls) {
    String hls = hls(hlsUrl, host, tls);
    String more = hls.isEmpty() ? "" : " " + hls;
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src"
        + " 'self'; connect-src 'self'"
        + more
        + "; media-src 'self' blob:"
        + more
        + "; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  }

  /** The origin of the HLS server, or an empty text. */
  private static String hls(@Nullable String hlsUrl, @Nullable String host, boolean tls) {
    if (hlsUrl != null) {
      var matcher = ORIGIN.matcher(hlsUrl);
      return matcher.matches() ? matcher.group("origin") : "";
    }
    if (host == null || host.length() > MAX_HOST) {
      return "";
    }
    var matcher = HOST.matcher(host);
    if (!matcher.matches()) {
      return "";
    }
    // Behind a proxy that ends TLS the request is plain and the page is not: http: means both.
    String scheme = tls ? "https://" : "http://";
    String name = matcher.group("host");
    String origin = scheme + name + ":" + HLS_PORT;
    // MediaMTX binds a viewer to an address: the playlists name that where the page was asked under
    // localhost.
    return name.equalsIgnoreCase("localhost")
        ? origin + " " + scheme + "127.0.0.1:" + HLS_PORT
        : origin;
  }
}
