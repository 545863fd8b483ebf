package babelmux.demo;

import babelmux.origin.MediaServer;
import babelmux.stsecho.StsEcho;
import java.net.URI;

/**
 * System that the seven steps look at, running on this machine. Closes what it holds, the worker
 * first.
 *
 * @param server origin or MediaMTX, with hooks that tell the worker
 * @param sts the stand-in
 * @param worker the worker; closing it drains nothing
 * @param workerUrl its HTTP port
 */
public record LocalStack(MediaServer server, StsEcho sts, Worker worker, URI workerUrl)
    implements AutoCloseable {
  /** The worker, as far as the steps need it. */
  public interface Worker extends AutoCloseable {
    @Override
    void close();
  }

  /** URL at which a stream is published. */
  public String inputUrl(String streamId) {
    return server.rtmpUrl() + "/live/" + streamId + "/in";
  }

  /** URL at which its dubbed output is watched. */
  public String outputUrl(String streamId) {
    return server.rtmpUrl() + "/live/" + streamId + "/out";
  }

  /** URL at which the worker's page is seen in a browser. */
  public URI pageUrl() {
    return workerUrl.resolve("/");
  }

  /** The stand-in's address. */
  public URI stsUrl() {
    return URI.create("http://127.0.0.1:" + sts.port());
  }

  @Override
  public void close() {
    try (server;
        sts;
        worker) {
      // In the reverse order.
    }
  }
}
