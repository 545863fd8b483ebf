package babelmux.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Fetches playlists and each new segment as an HLS player without low latency does, with cookies of
 * its own. A player keeps three segments, so that a gap is a playlist without a new segment for 10
 * s.
 */
final class HlsViewer extends SoakViewer {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final long GAP_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long ASK_MILLIS = 1_000;
  private static final int FIRST_SEGMENTS = 3;
  private static final int MAX_REDIRECTS = 5;
  private static final int BODY_BYTES = 1 << 16;
  private static final Pattern QUERY = Pattern.compile("\\?.*");

  private final URI index;
  private final HttpClient http;
  private final Map<String, String> cookies = new HashMap<>();

  private HlsViewer(HttpClient http, URI index) {
    super("hls-viewer", ASK_MILLIS, GAP_NANOS);
    this.http = http;
    this.index = index;
  }

  /** A client for any number of viewers: each keeps its cookies itself. */
  static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(LIMIT)
        .build();
  }

  /**
   * @param http of {@link #client()}
   * @param index the main playlist
   */
  static HlsViewer start(HttpClient http, URI index) {
    HlsViewer viewer = new HlsViewer(http, index);
    viewer.begin();
    return viewer;
  }

  @Override
  void watch() throws IOException, InterruptedException {
    String main = get(index);
    List<URI> lists = new ArrayList<>(HlsPlaylist.renditions(index, main));
    HlsPlaylist.addresses(index, main).stream().findFirst().ifPresent(lists::add);
    Set<String> seen = new HashSet<>();
    boolean begun = false;
    while (!isClosed()) {
      Set<String> listed = new HashSet<>();
      for (URI list : lists) {
        List<URI> segments = HlsPlaylist.addresses(list, get(list));
        // The oldest ones may be gone before they are fetched; players begin three from the end.
        int from = begun ? 0 : Math.max(0, segments.size() - FIRST_SEGMENTS);
        for (URI skipped : segments.subList(0, from)) {
          seen.add(name(skipped));
        }
        for (URI segment : segments) {
          String name = name(segment);
          listed.add(name);
          if (seen.add(name)) {
            fetch(segment, OutputStream.nullOutputStream());
            sawSomethingNew();
          }
        }
      }
      begun = true;
      seen.retainAll(listed);
      lookForGap();
      Thread.sleep(ASK_MILLIS);
    }
  }

  private static String name(URI segment) {
    return QUERY.matcher(segment.toString()).replaceFirst("");
  }

  private String get(URI uri) throws IOException, InterruptedException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    fetch(uri, text);
    return text.toString(StandardCharsets.UTF_8);
  }

  private void fetch(URI uri, OutputStream into) throws IOException, InterruptedException {
    URI at = uri;
    for (int redirects = 0; redirects < MAX_REDIRECTS; redirects++) {
      HttpRequest.Builder request = HttpRequest.newBuilder(at).timeout(LIMIT);
      if (!cookies.isEmpty()) {
        request.header("Cookie", String.join("; ", cookies.values()));
      }
      HttpResponse<InputStream> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        answer.headers().allValues("Set-Cookie").forEach(this::keep);
        if (answer.statusCode() == 200) {
          copy(body, into);
          return;
        }
        if (answer.statusCode() / 100 != 3) {
          throw new IOException(at + ": status " + answer.statusCode());
        }
        at = at.resolve(answer.headers().firstValue("Location").orElse(""));
      }
    }
    throw new IOException(uri + ": redirected again and again");
  }

  private void copy(InputStream from, OutputStream into) throws IOException {
    byte[] buffer = new byte[BODY_BYTES];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      count(read);
      into.write(buffer, 0, read);
    }
  }

  private void keep(String cookie) {
    String pair = cookie.split(";", 2)[0].strip();
    cookies.put(pair.split("=", 2)[0], pair);
  }
}
