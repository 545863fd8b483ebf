package babelmux.worker.sources;

import babelmux.media.Secrets;
import babelmux.media.SourceAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a live source that the API names: rtmp, rtmps, rtsp or srt. May hold credentials;
 * {@link #toString} shows none. Immutable.
 */
public final class SourceUrl {

  /** FFmpeg cuts longer ones without a word. */
  public static final int MAX_LENGTH = 1000;

  private static final Map<String, Integer> DEFAULT_PORTS =
      Map.of("rtmp", 1935, "rtmps", 443, "rtsp", 554);

  // Others could open a port here, or bind to an address.
  private static final Set<String> SRT_OPTIONS =
      Set.of("latency", "mode", "passphrase", "pbkeylen", "peerlatency", "rcvlatency", "streamid");

  private static final String EXPECTED =
      "expected rtmp://HOST/APP/NAME, rtmps://HOST/APP/NAME, rtsp://HOST/PATH or"
          + " srt://HOST:PORT?streamid=ID";

  private final URI uri;
  private final String scheme;
  private final String host;

  private SourceUrl(URI uri, String scheme, String host) {
    this.uri = uri;
    this.scheme = scheme;
    this.host = host;
  }

  /**
   * Reads a URL.
   *
   * @throws InvalidSource if it is none that a source can have
   */
  public static SourceUrl parse(String text) throws InvalidSource {
    if (text.length() > MAX_LENGTH) {
      throw new InvalidSource(
          "%d characters: expected at most %d".formatted(text.length(), MAX_LENGTH));
    }
    String shown = shown(text);
    URI uri = uri(text, shown);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean srt = scheme.equals("srt");
    boolean known = srt || DEFAULT_PORTS.containsKey(scheme);
    String host = uri.getHost();
    if (!known || host == null || uri.getRawFragment() != null) {
      throw new InvalidSource(shown + ": " + EXPECTED);
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw new InvalidSource(shown + ": expected a port from 1 to 65535");
    }
    if (host.indexOf('%') >= 0) {
      throw new InvalidSource(shown + ": expected an address without a zone");
    }
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    SourceUrl url = new SourceUrl(uri, scheme, bare);
    if (srt) {
      url.checkSrt(shown);
    } else if (url.path().isEmpty()) {
      throw new InvalidSource(shown + ": expected a path behind the host");
    }
    return url;
  }

  private static URI uri(String text, String shown) throws InvalidSource {
    try {
      if (text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
        return new URI(text);
      }
    } catch (URISyntaxException e) {
      // Its message holds the text.
    }
    throw new InvalidSource(shown + ": " + EXPECTED);
  }

  /**
   * A URL that is not well-formed is masked, too; what could break a line or an answer is not
   * shown.
   */
  private static String shown(String text) {
    return '"' + Secrets.maskUrl(text).replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "?") + '"';
  }

  private void checkSrt(String shown) throws InvalidSource {
    if (uri.getPort() < 0 || uri.getRawUserInfo() != null) {
      throw new InvalidSource(shown + ": expected srt://HOST:PORT?streamid=ID");
    }
    String query = uri.getRawQuery();
    for (String option : query == null ? new String[0] : query.split("&", -1)) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      if (!SRT_OPTIONS.contains(name)) {
        throw new InvalidSource(
            "%s: option %s: expected one of %s"
                .formatted(shown, name, String.join(", ", SRT_OPTIONS.stream().sorted().toList())));
      }
      if (name.equals("mode") && !option.equals("mode=caller")) {
        throw new InvalidSource(shown + ": expected mode=caller: the worker opens no port");
      }
    }
  }

  /** Host name or address, without brackets. */
  public String host() {
    return host;
  }

  /** The URL with its credentials. Secret. */
  public String reveal() {
    return uri.toString();
  }

  /** Returns whether this is the same resource as another URL, whatever their queries are. */
  public boolean isSameResource(String other) {
    try {
      return resource().equals(parse(other).resource());
    } catch (InvalidSource e) {
      return false;
    }
  }

  private String resource() {
    return scheme + "://" + authority(hostInUrl()).toLowerCase(Locale.ROOT) + rawPath();
  }

  /**
   * What FFmpeg opens so that it connects to this address and to no other one. RTMP servers are
   * told the host's name as they would be without that.
   */
  public SourceAddress at(InetAddress address) {
    String literal = literal(address);
    String userInfo = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo() + "@";
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String url = scheme + "://" + userInfo + authority(literal) + rawPath() + query;
    return new SourceAddress(url, toString(), options(query), true);
  }

  private Map<String, String> options(String query) {
    if (!scheme.startsWith("rtmp")) {
      return Map.of();
    }
    String app = app();
    String name = app.equals(path()) ? "" : path().substring(app.length() + 1);
    return Map.of(
        "rtmp_tcurl", scheme + "://" + authority(hostInUrl()) + "/" + app,
        "rtmp_app", app,
        "rtmp_playpath", name + query);
  }

  /** FFmpeg's rule: one part of a path of two, else two parts. */
  private String app() {
    String path = path();
    int first = path.indexOf('/');
    int second = first < 0 ? -1 : path.indexOf('/', first + 1);
    int end = second < 0 ? first : second;
    return end < 0 ? path : path.substring(0, end);
  }

  private String path() {
    String raw = rawPath();
    return raw.startsWith("/") ? raw.substring(1) : raw;
  }

  private String rawPath() {
    return uri.getRawPath() == null ? "" : uri.getRawPath();
  }

  private String hostInUrl() {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  private String authority(String hostInUrl) {
    Integer standard = DEFAULT_PORTS.get(scheme);
    int port = uri.getPort() < 0 && standard != null ? standard : uri.getPort();
    return hostInUrl + ":" + port;
  }

  private static String literal(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    String bare = zone < 0 ? text : text.substring(0, zone);
    return address instanceof Inet6Address ? "[" + bare + "]" : bare;
  }

  /** Redacted. */
  @Override
  public String toString() {
    return Secrets.maskUrl(uri.toString());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SourceUrl url && uri.equals(url.uri);
  }

  @Override
  public int hashCode() {
    return uri.hashCode();
  }
}
