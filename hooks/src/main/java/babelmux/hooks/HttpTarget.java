package babelmux.hooks;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server's HTTP port and the credentials for it.
 *
 * @param base without credentials, for messages, too; no slash at the end
 * @param query as given; secret
 * @param authorization value of that header; null without credentials; secret
 */
record HttpTarget(String base, String query, @Nullable String authorization) {

  /**
   * Reads a URL with {@code user:pass@} in front of its host, or {@code ?jwt=} or {@code ?token=}
   * behind it.
   *
   * @param name of the setting, for the message
   * @throws IllegalArgumentException for a URL of another form
   */
  static HttpTarget of(String name, URI url) {
    if (url.getHost() == null
        || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
      throw new IllegalArgumentException(
          "%s: %s: expected http://[user:pass@]host:port"
              .formatted(name, Printable.quote(withoutCredentials(url.toString()))));
    }
    return new HttpTarget(
        withoutCredentials(url.toString()).replaceFirst("/+$", ""),
        url.getRawQuery() == null ? "" : url.getRawQuery(),
        authorization(url));
  }

  /** Without user, password and query. */
  private static String withoutCredentials(String url) {
    int query = url.indexOf('?');
    return (query < 0 ? url : url.substring(0, query)).replaceFirst("//[^/?#]*@", "//");
  }

  /** MediaMTX takes a token in this header always, in the query only where it is told to. */
  private static @Nullable String authorization(URI base) {
    String credentials = base.getUserInfo();
    if (credentials != null) {
      return "Basic "
          + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }
    if (base.getRawQuery() == null) {
      return null;
    }
    Map<String, List<String>> parameters =
        new QueryStringDecoder(base.getRawQuery(), StandardCharsets.UTF_8, false).parameters();
    return Stream.of("jwt", "token")
        .flatMap(name -> parameters.getOrDefault(name, List.of()).stream())
        .findFirst()
        .filter(token -> token.chars().allMatch(c -> c > 0x20 && c < 0x7f))
        .map(token -> "Bearer " + token)
        .orElse(null);
  }

  /** The headers that a request needs. Secret. */
  Map<String, String> headers() {
    return authorization == null ? Map.of() : Map.of("Authorization", authorization);
  }
}
