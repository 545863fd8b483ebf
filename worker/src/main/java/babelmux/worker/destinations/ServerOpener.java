package babelmux.worker.destinations;

import babelmux.media.MediaException;
import babelmux.media.Secrets;
import babelmux.media.Sink;
import babelmux.media.SinkAddress;
import babelmux.media.SinkOptions;
import babelmux.worker.hosts.HostNotAllowed;
import babelmux.worker.hosts.PinnedHost;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.SinkOpener;
import babelmux.worker.sources.SourceUrl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;

/**
 * Connects to a server at an address of its host that was looked up, and checked where it must be.
 * RTMPS goes through a {@link TlsTunnel}: FFmpeg's own TLS takes a certificate of any host. One
 * thread.
 */
final class ServerOpener implements SinkOpener {
  private static final String RTMPS = "rtmps";

  private final SourceUrl url;
  private final PinnedHost host;
  private final Supplier<SSLSocketFactory> sockets;

  /**
   * @param sockets check the certificate of a server of RTMPS; illegal state when none can
   */
  ServerOpener(SourceUrl url, PinnedHost host, Supplier<SSLSocketFactory> sockets) {
    this.url = url;
    this.host = host;
    this.sockets = sockets;
  }

  @Override
  public Sink open(OutputFormats formats, SinkOptions options, Sink.Opening asked)
      throws MediaException, InterruptedException {
    InetAddress address = address();
    SinkAddress opened;
    if (url.scheme().equals(RTMPS)) {
      SSLSocketFactory checking = checking();
      TlsTunnel tunnel = new TlsTunnel(url.host(), options.openLimit());
      asked.through(tunnel);
      int port = tunnel.connect(new InetSocketAddress(address, url.port()), checking);
      opened =
          url.sinkAt("rtmp", InetAddress.getLoopbackAddress(), port)
              .with("send_buffer_size", Integer.toString(TlsTunnel.LOCAL_BYTES));
    } else {
      opened = url.sinkAt(url.scheme(), address, url.port());
    }
    Sink sink = Sink.open(opened, formats.video(), formats.audio(), options, asked);
    host.connected();
    return sink;
  }

  private InetAddress address() throws MediaException, InterruptedException {
    try {
      return host.next();
    } catch (UnknownHostException e) {
      throw failure(MediaException.Kind.IO, e);
    } catch (HostNotAllowed e) {
      throw failure(MediaException.Kind.REFUSED, e);
    }
  }

  private SSLSocketFactory checking() throws MediaException {
    try {
      return sockets.get();
    } catch (IllegalStateException e) {
      throw failure(MediaException.Kind.IO, e);
    }
  }

  private MediaException failure(MediaException.Kind kind, Exception reason) {
    return new MediaException(
        kind, "cannot open %s: %s".formatted(Secrets.maskKey(url.reveal()), reason.getMessage()));
  }
}
