package babelmux.worker.config;

import babelmux.media.Secrets;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The address of a MediaMTX, with credentials in either form: {@code rtmp://user:pass@host} or
 * {@code rtmp://host?user=u&pass=p}. MediaMTX takes RTMP credentials from the query only, so that
 * is how they are sent there. {@link #toString} shows none of them.
 */
public final class ServerUrl {

  private final String base;
  private final Map<String, Secret> credentials;

  private ServerUrl(String base, Map<String, Secret> credentials) {
    this.base = base;
    this.credentials = credentials;
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if it is none, or of another scheme
   */
  public static ServerUrl parse(String text, Set<String> schemes) {
    try {
      URI uri = new URI(text);
      Parsers.require(uri.getScheme() != null && schemes.contains(uri.getScheme()));
      Parsers.require(uri.getHost() != null && uri.getRawFragment() == null);
      Parsers.require(uri.getPort() <= 65535 && uri.getPort() != 0);
      Map<String, Secret> credentials = new LinkedHashMap<>();
      readUserInfo(uri.getRawUserInfo(), credentials);
      readQuery(uri.getRawQuery(), credentials);
      String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
      return new ServerUrl(
          base(uri, uri.getHost()) + path, Collections.unmodifiableMap(credentials));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a URL", e);
    }
  }

  private static String base(URI uri, String host) {
    return uri.getScheme() + "://" + host + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
  }

  private static void readUserInfo(@Nullable String userInfo, Map<String, Secret> credentials) {
    if (userInfo == null) {
      return;
    }
    int colon = userInfo.indexOf(':');
    Parsers.require(colon > 0);
    credentials.put("user", new Secret(decode(userInfo.substring(0, colon), true)));
    credentials.put("pass", Secret.known(decode(userInfo.substring(colon + 1), true)));
  }

  private static void readQuery(@Nullable String query, Map<String, Secret> credentials) {
    if (query == null) {
      return;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      Parsers.require(equals > 0);
      String name = decode(pair.substring(0, equals), false);
      String value = decode(pair.substring(equals + 1), false);
      Secret secret = name.equals("user") ? new Secret(value) : Secret.known(value);
      Parsers.require(credentials.put(name, secret) == null);
    }
  }

  private static String decode(String text, boolean plusIsPlus) {
    return URLDecoder.decode(plusIsPlus ? text.replace("+", "%2B") : text, StandardCharsets.UTF_8);
  }

  /** The same with another host; port, path and credentials stay. */
  ServerUrl withHost(String host) {
    URI uri = URI.create(base);
    String literal = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    return new ServerUrl(base(uri, literal) + uri.getRawPath(), credentials);
  }

  /** Scheme, host, port and path, without credentials and without a slash at the end. */
  public String base() {
    return base;
  }

  /** The URL of a path on this server, credentials in the query: what FFmpeg is given. Secret. */
  public String withPath(String path) {
    return base + "/" + path + query();
  }

  /** The same with other credentials. Secret. */
  String withPath(String path, Map<String, Secret> others) {
    return base + "/" + path + query(others);
  }

  /** {@code ?user=...&pass=...}, or an empty text without credentials. Secret. */
  String query() {
    return query(credentials);
  }

  private static String query(Map<String, Secret> parameters) {
    StringBuilder query = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            query
                .append(query.isEmpty() ? '?' : '&')
                .append(encode(name))
                .append('=')
                .append(encode(value.reveal())));
    return query.toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * With user and password in front of the host, as HTTP clients take them, and everything else,
   * such as {@code jwt} or {@code token}, in the query. Secret.
   */
  public URI toUri() {
    Secret user = credentials.get("user");
    Secret pass = credentials.get("pass");
    if (user == null || pass == null) {
      return URI.create(base + query());
    }
    Map<String, Secret> others = new LinkedHashMap<>(credentials);
    others.keySet().removeAll(Set.of("user", "pass"));
    int host = base.indexOf("://") + 3;
    return URI.create(
        "%s%s:%s@%s%s"
            .formatted(
                base.substring(0, host),
                encode(user.reveal()),
                encode(pass.reveal()),
                base.substring(host),
                query(others)));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ServerUrl url
        && base.equals(url.base)
        && credentials.equals(url.credentials);
  }

  @Override
  public int hashCode() {
    return base.hashCode();
  }

  /** Redacted. */
  @Override
  public String toString() {
    return Secrets.maskUrl(base + query());
  }
}
