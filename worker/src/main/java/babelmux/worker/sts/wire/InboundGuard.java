package babelmux.worker.sts.wire;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/**
 * Makes sockets that fail when more than a limit is received without a whole message having come of
 * it. The WebSocket library collects a message of any length before it shows it; this is what keeps
 * a service from filling the memory. Counts what comes off the wire, so TLS and plain alike.
 */
final class InboundGuard extends SocketFactory {
  private final long limit;
  private final AtomicLong sinceMessage = new AtomicLong();

  /**
   * Sockets with a limit.
   *
   * @param limit bytes between two messages
   */
  InboundGuard(long limit) {
    this.limit = limit;
  }

  /** A whole message was received. */
  void messageReceived() {
    sinceMessage.set(0);
  }

  @Override
  public Socket createSocket() {
    return new GuardedSocket();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new IOException("not used: OkHttp connects sockets itself");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return createSocket(host.getHostName(), port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket(host.getHostName(), port);
  }

  private final class GuardedSocket extends Socket {
    @Override
    public InputStream getInputStream() throws IOException {
      return new GuardedStream(super.getInputStream());
    }
  }

  private final class GuardedStream extends FilterInputStream {
    GuardedStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      count(read);
      return read;
    }

    private void count(int read) throws IOException {
      if (read > 0 && sinceMessage.addAndGet(read) > limit) {
        throw new OversizeException(limit);
      }
    }
  }

  /** The service sends a message that is too long. */
  static final class OversizeException extends IOException {
    OversizeException(long limit) {
      super("STS: a message of more than %d bytes".formatted(limit));
    }
  }
}
