package babelmux.bench;

import babelmux.demo.Web;
import babelmux.faultproxy.Direction;
import babelmux.faultproxy.FaultProxy;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A published stream of a soak: its publisher, which may be taken away and replaced, and the hooks
 * that the server would send for it. Any thread. Whoever started it closes it, before its film.
 */
final class SoakStream implements AutoCloseable {
  private final BenchSite site;
  private final SoakFilm film;
  private final String id;
  private final int first;
  private final @Nullable FaultProxy proxy;
  private final String url;
  private SoakPublisher publisher;
  private boolean expected = true;

  private SoakStream(
      BenchSite site, SoakFilm film, String id, int first, @Nullable FaultProxy proxy) {
    this.site = site;
    this.film = film;
    this.id = id;
    this.first = first;
    this.proxy = proxy;
    URI rtmp = proxy == null ? site.stack().server().rtmpUrl() : proxy.url();
    this.url = rtmp + "/live/" + id + "/in";
    this.publisher = SoakPublisher.start(film, url, first);
  }

  /**
   * Begins to publish.
   *
   * @param first the entry of the film that is sent first, a keyframe
   * @param faulty whether its connection goes through a proxy, so that it can be broken
   */
  static SoakStream start(BenchSite site, SoakFilm film, String id, int first, boolean faulty)
      throws IOException {
    FaultProxy proxy = faulty ? FaultProxy.to(site.stack().server().rtmpUrl()) : null;
    return new SoakStream(site, film, id, first, proxy);
  }

  String id() {
    return id;
  }

  String outputUrl() {
    return site.stack().outputUrl(id);
  }

  /** Why its publisher ended; null while it publishes, and while a fault keeps it away. */
  synchronized @Nullable String failure() {
    return expected ? publisher.failure() : null;
  }

  /** Its publisher ends. */
  synchronized void leave() {
    expected = false;
    publisher.close();
  }

  /** It is published again; the worker is not told. */
  synchronized void comeBack() {
    publisher = SoakPublisher.start(film, url, first);
    expected = true;
  }

  /** Another publisher takes the path from the running one. */
  synchronized void replace() {
    SoakPublisher before = publisher;
    publisher = SoakPublisher.start(film, url, first);
    before.close();
  }

  /** The publisher's connection is reset. */
  synchronized void reset() {
    expected = false;
    if (proxy != null) {
      proxy.reset();
    }
    publisher.close();
  }

  /** Nothing of the publisher's arrives while it is on; then all of it. */
  void stall(boolean on) {
    if (proxy != null) {
      proxy.stall(Direction.TO_SERVER, on);
    }
  }

  /** Sends the ready hook, as the server would. Returns the status, 0 without an answer. */
  int hook() throws InterruptedException {
    String path = "live/" + id + "/in";
    String sourceId =
        Web.json(site.stack().server().apiUrl() + "/v3/paths/get/" + path)
            .path("source")
            .path("id")
            .asText("bench-" + id);
    return Web.post(site.worker().url() + "/v1/mediamtx/events/ready", HookBody.of(path, sourceId));
  }

  @Override
  public synchronized void close() {
    expected = false;
    publisher.close();
    if (proxy != null) {
      proxy.close();
    }
  }
}
