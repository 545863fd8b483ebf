package babelmux.hooks;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads MediaMTX's HLS: playlists, and the beginnings of segments. Every method blocks, at most the
 * two timeouts, and answers an interrupt at once. Never to be called on an event loop. Thread-safe.
 * Whoever makes it closes it.
 */
public final class HlsClient implements AutoCloseable {
  private static final String NO_SESSION_COOKIE = "cookieCheck=1";

  private final BoundedHttp http;
  private volatile HttpTarget target;

  /**
   * An answer of the server, whatever its status.
   *
   * @param status HTTP status
   * @param body at most as long as asked for
   * @param clockAhead how far the server's clock is ahead of ours, to a second; null when the
   *     answer does not say
   */
  public record Answer(int status, byte[] body, @Nullable Duration clockAhead) {}

  /**
   * @param base {@code http://host:8888}, with {@code user:pass@} in front of the host where the
   *     server wants it. A query is not sent: MediaMTX would write it into the playlists that
   *     viewers get
   * @param connectTimeout until the connection stands
   * @param readTimeout until a whole answer is there
   * @throws IllegalArgumentException for a URL of another form
   */
  public HlsClient(URI base, Duration connectTimeout, Duration readTimeout) {
    target = target(base);
    http = new BoundedHttp("mediamtx-hls", connectTimeout, readTimeout);
  }

  private static HttpTarget target(URI base) {
    return HttpTarget.of("mediamtx-hls", base);
  }

  /**
   * Asks another server, or with other credentials, from the next request on.
   *
   * @throws IllegalArgumentException for a URL of another form than the constructor takes
   */
  public void use(URI base) {
    target = target(base);
  }

  /**
   * A path's multivariant playlist. Makes a session on the server, which stands in the playlist's
   * URIs: it is bound to the address that asks, and closed when nobody asks for 30 s.
   *
   * @param path such as {@code live/demo/out}
   * @param viewer the address that will ask for the variants, as RFC 5952 writes it; null: ours
   * @param maxBytes of the answer
   */
  public Answer index(String path, @Nullable String viewer, int maxBytes)
      throws IOException, InterruptedException {
    // Without the parameter, MediaMTX tries first whether its cookie comes back.
    return get(path + "/index.m3u8", NO_SESSION_COOKIE, viewer, () -> new BoundedBody(maxBytes));
  }

  /**
   * Another file of a path.
   *
   * @param query as a playlist has it; null when there is none
   */
  public Answer file(String file, @Nullable String query, int maxBytes)
      throws IOException, InterruptedException {
    return get(file, query, null, () -> new BoundedBody(maxBytes));
  }

  /** The beginning of a file of a path, as {@link #file}: the rest is not read. */
  public Answer beginning(String file, @Nullable String query, int bytes)
      throws IOException, InterruptedException {
    return get(file, query, null, () -> BoundedBody.beginning(bytes));
  }

  private Answer get(
      String path,
      @Nullable String query,
      @Nullable String viewer,
      Supplier<HttpResponse.BodySubscriber<byte[]>> body)
      throws IOException, InterruptedException {
    HttpTarget asked = target;
    Map<String, String> headers = new LinkedHashMap<>(asked.headers());
    if (viewer != null) {
      headers.put("X-Forwarded-For", viewer);
    }
    HttpResponse<byte[]> response = http.get(url(asked, path, query), headers, body);
    return new Answer(
        response.statusCode(),
        response.body(),
        response
            .headers()
            .firstValue("Date")
            .map(date -> ControlApiClient.ahead(date, Instant.now()))
            .orElse(null));
  }

  private static URI url(HttpTarget asked, String path, @Nullable String query) throws IOException {
    try {
      String escaped = new URI(null, null, "/" + path, null).getRawPath();
      return new URI(asked.base() + escaped + (query == null ? "" : "?" + query));
    } catch (URISyntaxException e) {
      throw new IOException("%s: no path of a server".formatted(Printable.quote(path)), e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
