package babelmux.bench;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Fetches playlists and each new segment as an HLS player without low latency does, with a cookie
 * of its own, on a thread of its own. A player keeps three segments, so that a gap is a playlist
 * without a new segment for 10 s.
 */
final class HlsViewer implements SoakViewer {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final long GAP_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long ASK_MILLIS = 1_000;
  private static final Pattern QUERY = Pattern.compile("\\?.*");

  private final URI index;
  private final HttpClient http;
  private final Thread thread;
  private volatile boolean closed;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger gaps = new AtomicInteger();
  private final AtomicInteger ends = new AtomicInteger();

  private HlsViewer(URI index) {
    this.index = index;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .cookieHandler(new CookieManager())
            .executor(Runnable::run)
            .connectTimeout(LIMIT)
            .build();
    this.thread = new Thread(this::run, "hls-viewer");
    thread.setDaemon(true);
  }

  /**
   * @param index the main playlist
   */
  static HlsViewer start(URI index) {
    HlsViewer viewer = new HlsViewer(index);
    viewer.thread.start();
    return viewer;
  }

  private void run() {
    try {
      while (!closed) {
        try {
          watch();
        } catch (IOException e) {
          ends.addAndGet(closed ? 0 : 1);
        }
        Thread.sleep(ASK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() throws IOException, InterruptedException {
    String main = get(index);
    List<URI> lists = new ArrayList<>(HlsPlaylist.renditions(index, main));
    HlsPlaylist.addresses(index, main).stream().findFirst().ifPresent(lists::add);
    Set<String> seen = new HashSet<>();
    long last = System.nanoTime();
    while (!closed) {
      Set<String> listed = new HashSet<>();
      for (URI list : lists) {
        for (URI segment : HlsPlaylist.addresses(list, get(list))) {
          String name = QUERY.matcher(segment.toString()).replaceFirst("");
          listed.add(name);
          if (seen.add(name)) {
            fetch(segment);
            last = System.nanoTime();
          }
        }
      }
      seen.retainAll(listed);
      if (System.nanoTime() - last > GAP_NANOS) {
        gaps.incrementAndGet();
        last = System.nanoTime();
      }
      Thread.sleep(ASK_MILLIS);
    }
  }

  private String get(URI uri) throws IOException, InterruptedException {
    return new String(fetch(uri), StandardCharsets.UTF_8);
  }

  private byte[] fetch(URI uri) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(uri).timeout(LIMIT).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException(uri + ": status " + answer.statusCode());
    }
    bytes.addAndGet(answer.body().length);
    return answer.body();
  }

  @Override
  public long bytes() {
    return bytes.get();
  }

  @Override
  public int gaps() {
    return gaps.get();
  }

  @Override
  public int ends() {
    return ends.get();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      TimeUnit.SECONDS.timedJoin(thread, LIMIT.toSeconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
