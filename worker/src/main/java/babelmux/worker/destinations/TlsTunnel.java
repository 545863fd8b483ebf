package babelmux.worker.destinations;

import babelmux.media.MediaException;
import babelmux.media.Sink;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TLS connection whose certificate and host name were checked, and a port of loopback that leads
 * into it. FFmpeg's build with OpenSSL verifies the chain and not the host, so it speaks plain RTMP
 * to that port. The port takes one connection, and is closed behind it. What waits in it is bounded
 * by the sockets' buffers, 160 KiB and what the system adds. Whoever made it closes it; {@link
 * #cut} from any thread.
 */
final class TlsTunnel implements Sink.Opening.Line {
  private static final Logger log = LoggerFactory.getLogger(TlsTunnel.class);

  /** What the local end of it may hold, on each side. */
  static final int LOCAL_BYTES = 32 << 10;

  private static final int REMOTE_BYTES = 96 << 10;
  private static final int PIECE = 16 << 10;
  private static final long CLOSE_SECONDS = 2;

  private final String host;
  private final Duration limit;
  private final Socket remote = new Socket();
  private @Nullable ServerSocket port;
  private @Nullable Socket local;
  private @Nullable Thread sending;
  private boolean isCut;

  /**
   * @param host whose certificate is expected
   * @param limit the time that connecting and shaking hands may take
   */
  TlsTunnel(String host, Duration limit) {
    this.host = host;
    this.limit = limit;
  }

  /**
   * Connects, and checks the server. Blocks, at most for the limit.
   *
   * @return the port of loopback
   * @throws MediaException REFUSED when the certificate is not this host's, or of no authority that
   *     is trusted
   */
  int connect(InetSocketAddress address, SSLSocketFactory sockets) throws MediaException {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    CompletableFuture<Void> late =
        CompletableFuture.runAsync(
            this::cut, CompletableFuture.delayedExecutor(limit.toNanos(), TimeUnit.NANOSECONDS));
    try {
      remote.setTcpNoDelay(true);
      remote.setSendBufferSize(REMOTE_BYTES);
      remote.connect(address, (int) limit.toMillis());
      SSLSocket tls = (SSLSocket) sockets.createSocket(remote, host, address.getPort(), true);
      SSLParameters checked = tls.getSSLParameters();
      checked.setEndpointIdentificationAlgorithm("HTTPS");
      tls.setSSLParameters(checked);
      tls.startHandshake();
      int opened = listen(tls);
      if (!late.cancel(false)) {
        throw new SocketTimeoutException();
      }
      return opened;
    } catch (IOException e) {
      if (isOfCertificate(e)) {
        throw untrusted(e);
      }
      throw System.nanoTime() - deadlineNanos >= 0 || e instanceof SocketTimeoutException
          ? slow(address)
          : new MediaException(
              MediaException.Kind.IO, "cannot connect %s: %s".formatted(shown(address), e));
    } finally {
      late.cancel(false);
    }
  }

  private String shown(InetSocketAddress address) {
    return "%s (%s) port %d"
        .formatted(host, address.getAddress().getHostAddress(), address.getPort());
  }

  private MediaException slow(InetSocketAddress address) {
    return new MediaException(
        MediaException.Kind.TIMEOUT,
        "cannot connect %s: no answer within %d s".formatted(shown(address), limit.toSeconds()));
  }

  private static boolean isOfCertificate(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof GeneralSecurityException) {
        return true;
      }
    }
    return false;
  }

  private MediaException untrusted(IOException failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new MediaException(
        MediaException.Kind.REFUSED,
        "the server is not known to be %s: %s (output.ca-file names certificates to trust)"
            .formatted(host, root.getMessage()));
  }

  private synchronized int listen(SSLSocket tls) throws IOException {
    ServerSocket opened = new ServerSocket();
    port = opened;
    opened.setReceiveBufferSize(LOCAL_BYTES);
    opened.setSoTimeout((int) limit.toMillis());
    opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    if (isCut) {
      opened.close();
      throw new IOException("interrupted");
    }
    Thread thread = new Thread(() -> send(opened, tls), "tls-" + host);
    thread.setDaemon(true);
    sending = thread;
    thread.start();
    return opened.getLocalPort();
  }

  /** What FFmpeg sends, to the server; another thread brings back what the server says. */
  private void send(ServerSocket opened, SSLSocket tls) {
    try (opened) {
      Socket ffmpeg = opened.accept();
      opened.close();
      synchronized (this) {
        local = ffmpeg;
      }
      ffmpeg.setTcpNoDelay(true);
      Thread back = new Thread(() -> bringBack(tls, ffmpeg), "tls-back-" + host);
      back.setDaemon(true);
      back.start();
      copy(ffmpeg.getInputStream(), tls.getOutputStream());
      tls.close();
      ffmpeg.close();
    } catch (IOException e) {
      log.debug("the connection to {} is over: {}", host, e.toString());
      cut();
    }
  }

  private void bringBack(SSLSocket tls, Socket ffmpeg) {
    try {
      copy(tls.getInputStream(), ffmpeg.getOutputStream());
    } catch (IOException e) {
      log.debug("nothing comes from {} any more: {}", host, e.toString());
    }
    // FFmpeg is to see it at its next write.
    cut();
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] piece = new byte[PIECE];
    for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
      out.write(piece, 0, count);
    }
  }

  @Override
  public void cut() {
    Socket ffmpeg;
    ServerSocket opened;
    synchronized (this) {
      isCut = true;
      ffmpeg = local;
      opened = port;
    }
    closeAll(remote, ffmpeg, opened);
  }

  private static void closeAll(@Nullable Closeable... sockets) {
    for (Closeable socket : sockets) {
      try {
        if (socket != null) {
          socket.close();
        }
      } catch (IOException e) {
        log.debug("a socket does not close: {}", e.toString());
      }
    }
  }

  @Override
  public void close() {
    Thread thread;
    synchronized (this) {
      thread = sending;
    }
    try {
      if (thread != null) {
        // What FFmpeg has written before it closed leaves, and close_notify behind it.
        TimeUnit.SECONDS.timedJoin(thread, CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      cut();
    }
  }
}
