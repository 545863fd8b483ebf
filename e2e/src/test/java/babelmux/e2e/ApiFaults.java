package babelmux.e2e;

import babelmux.demo.Web;
import babelmux.faultproxy.Direction;
import babelmux.faultproxy.FaultProxy;
import babelmux.origin.Credentials;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.MediaMtxProcess;
import babelmux.origin.MediaServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A server's Control API as the worker sees it: behind a proxy that hangs or is gone, and refused
 * by the server itself. The server is the caller's.
 */
final class ApiFaults implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Credentials NOBODY = new Credentials("nobody", "has-this-password");

  private final MediaServer server;
  private final URI url;
  private FaultProxy proxy;

  ApiFaults(MediaServer server) throws IOException {
    this.server = server;
    this.proxy = FaultProxy.to(server.apiUrl());
    this.url = proxy.url();
  }

  /** Where the worker is to ask. */
  URI url() {
    return url;
  }

  /** Requests are taken and never answered. */
  void hang() {
    proxy.stall(Direction.TO_CLIENT, true);
  }

  /** Nothing listens. */
  void down() {
    proxy.close();
  }

  /** Something listens again, and answers everybody with 401. */
  void deny() throws IOException {
    Running.await("the API refuses", LIMIT, () -> asks(NOBODY));
    proxy.close();
    proxy = FaultProxy.to(server.apiUrl(), url.getPort());
  }

  /** Ends {@link #deny}. */
  void allow() {
    Running.await("the API answers", LIMIT, () -> asks(null));
  }

  /** Once more each time: MediaMTX overlooks a change within a second of the one before. */
  private boolean asks(@Nullable Credentials who) throws IOException, InterruptedException {
    boolean done = listing().isEmpty() == (who != null);
    if (!done) {
      credentials(who);
    }
    return done;
  }

  private String listing() throws InterruptedException {
    return Web.text(server.apiUrl() + "/v3/paths/list");
  }

  private void credentials(@Nullable Credentials who) throws IOException {
    if (server instanceof MediaMtxProcess process) {
      process.apiCredentials(who);
    } else {
      ((EmbeddedOrigin) server).faults().apiStatus(who == null ? 0 : 401);
    }
  }

  @Override
  public void close() {
    proxy.close();
  }
}
