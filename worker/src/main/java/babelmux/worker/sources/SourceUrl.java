package babelmux.worker.sources;

import babelmux.media.RtmpPath;
import babelmux.media.Secrets;
import babelmux.media.SinkAddress;
import babelmux.media.SourceAddress;
import babelmux.worker.config.SrtLatency;
import babelmux.worker.hosts.StandardPorts;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a live source that the API names: rtmp, rtmps, rtsp or srt. May hold credentials;
 * {@link #toString} shows none. Immutable.
 */
public final class SourceUrl {

  /** FFmpeg cuts longer ones without a word. */
  public static final int MAX_LENGTH = 1000;

  private static final Set<String> TCP_SCHEMES = Set.of("rtmp", "rtmps", "rtsp");

  // Others could open a port here, or bind to an address.
  private static final Set<String> SRT_OPTIONS =
      Set.of("latency", "mode", "passphrase", "pbkeylen", "peerlatency", "rcvlatency", "streamid");

  private static final String STREAM_ID = "streamid=";

  private static final String EXPECTED =
      "expected rtmp://HOST/APP/NAME, rtmps://HOST/APP/NAME, rtsp://HOST/PATH or"
          + " srt://HOST:PORT?streamid=ID";

  // java.net.URI knows no host with _ in it, and what is in front of it and behind it neither.
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:([^@]*)@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,252})(?::(\\d{1,9}))?");

  private final URI uri;
  private final String scheme;
  private final Authority authority;

  private SourceUrl(URI uri, String scheme, Authority authority) {
    this.uri = uri;
    this.scheme = scheme;
    this.authority = authority;
  }

  /**
   * What stands between the scheme and the path.
   *
   * @param userInfo as it stands there; null without one
   * @param host without brackets
   * @param port -1 without one
   */
  private record Authority(@Nullable String userInfo, String host, int port) {}

  /**
   * Reads a URL.
   *
   * @throws InvalidSource if it is none that a source can have
   */
  public static SourceUrl parse(String text) throws InvalidSource {
    return parse(text, Secrets::maskUrl);
  }

  /**
   * As {@link #parse(String)}, of what may hold more secrets than a source.
   *
   * @param mask what messages show of a URL
   */
  public static SourceUrl parse(String text, UnaryOperator<String> mask) throws InvalidSource {
    if (text.length() > MAX_LENGTH) {
      throw new InvalidSource(
          "%d characters: expected at most %d".formatted(text.length(), MAX_LENGTH));
    }
    String shown = shown(text, mask);
    URI uri = uri(text, shown);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean srt = scheme.equals("srt");
    boolean known = srt || TCP_SCHEMES.contains(scheme);
    if (!known || uri.getRawAuthority() == null || uri.getRawFragment() != null) {
      throw new InvalidSource(shown + ": " + EXPECTED);
    }
    Authority authority = authority(uri, shown);
    if (authority.port() == 0 || authority.port() > 65_535) {
      throw new InvalidSource(shown + ": expected a port from 1 to 65535");
    }
    if (authority.host().indexOf('%') >= 0) {
      throw new InvalidSource(shown + ": expected an address without a zone");
    }
    SourceUrl url = new SourceUrl(uri, scheme, authority);
    if (srt) {
      url.checkSrt(shown);
    } else if (url.path().isEmpty()) {
      throw new InvalidSource(shown + ": expected a path behind the host");
    }
    return url;
  }

  private static Authority authority(URI uri, String shown) throws InvalidSource {
    String host = uri.getHost();
    if (host != null) {
      String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return new Authority(uri.getRawUserInfo(), bare, uri.getPort());
    }
    Matcher parts = AUTHORITY.matcher(uri.getRawAuthority());
    if (!parts.matches()) {
      throw new InvalidSource(
          shown
              + ": host: expected a name of letters, digits, '-', '_' and '.', or an address, with"
              + " a port of digits behind it or none");
    }
    String port = parts.group(3);
    return new Authority(
        parts.group(1), parts.group(2), port == null ? -1 : Integer.parseInt(port));
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
  private static String shown(String text, UnaryOperator<String> mask) {
    return '"' + mask.apply(text).replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "?") + '"';
  }

  private void checkSrt(String shown) throws InvalidSource {
    if (authority.port() < 0 || authority.userInfo() != null) {
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
    Optional<String> doubt = SrtLatency.doubt(uri.toString());
    if (doubt.isPresent()) {
      throw new InvalidSource(shown + ": " + doubt.get());
    }
  }

  /** Host name or address, without brackets. */
  public String host() {
    return authority.host();
  }

  /** In lower case. */
  public String scheme() {
    return scheme;
  }

  /** The scheme's own where the URL has none. */
  public int port() {
    return authority.port() < 0
        ? StandardPorts.of(scheme).orElse(authority.port())
        : authority.port();
  }

  /** The URL with its credentials. Secret. */
  public String reveal() {
    return uri.toString();
  }

  /**
   * Returns whether this is the same resource as another URL, whatever their queries are; of SRT,
   * where a server knows a resource by its stream id, whatever else stands in them.
   */
  public boolean isSameResource(String other) {
    try {
      return resource().equals(parse(other).resource());
    } catch (InvalidSource e) {
      return false;
    }
  }

  private String resource() {
    String at = scheme + "://" + hostAndPort(hostInUrl()).toLowerCase(Locale.ROOT);
    return at + (scheme.equals("srt") ? "/" + srtResource() : rawPath());
  }

  /**
   * The path in {@code streamid=PATH}, and in {@code read:PATH:USER:PASSWORD} as MediaMTX has it.
   */
  private String srtResource() {
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    for (String option : query.split("&", -1)) {
      if (option.startsWith(STREAM_ID)) {
        String[] parts = option.substring(STREAM_ID.length()).split(":", -1);
        boolean hasVerb =
            parts.length > 1 && (parts[0].equals("read") || parts[0].equals("publish"));
        return hasVerb ? parts[1] : option.substring(STREAM_ID.length());
      }
    }
    return "";
  }

  /**
   * What FFmpeg opens so that it connects to this address and to no other one. RTMP servers are
   * told the host's name as they would be without that.
   */
  public SourceAddress at(InetAddress address) {
    String literal = literal(address);
    String userInfo = authority.userInfo() == null ? "" : authority.userInfo() + "@";
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String url = scheme + "://" + userInfo + hostAndPort(literal) + rawPath() + query;
    return new SourceAddress(url, toString(), options(query), true);
  }

  /**
   * What FFmpeg opens to publish here through this address and no other one, as {@link #at} does to
   * read.
   *
   * @param protocol of the connection: rtmp for an rtmps URL when TLS is somebody else's
   */
  public SinkAddress sinkAt(String protocol, InetAddress address, int port) {
    String userInfo = authority.userInfo() == null ? "" : authority.userInfo() + "@";
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String url = protocol + "://" + userInfo + literal(address) + ":" + port + rawPath() + query;
    Map<String, String> options = new HashMap<>(options(query));
    options.put("protocol_whitelist", protocol.equals("srt") ? "srt" : "rtmp,tcp");
    return SinkAddress.publishing(url, uri.toString(), options);
  }

  private Map<String, String> options(String query) {
    if (!scheme.startsWith("rtmp")) {
      return Map.of();
    }
    return RtmpPath.of(path(), query).options(scheme + "://" + hostAndPort(hostInUrl()));
  }

  private String path() {
    String raw = rawPath();
    return raw.startsWith("/") ? raw.substring(1) : raw;
  }

  private String rawPath() {
    return uri.getRawPath() == null ? "" : uri.getRawPath();
  }

  private String hostInUrl() {
    String host = authority.host();
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  private String hostAndPort(String hostInUrl) {
    return hostInUrl + ":" + port();
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
