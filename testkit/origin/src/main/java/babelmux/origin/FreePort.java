package babelmux.origin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds a TCP port for a server that cannot choose one by itself. Any thread. */
public final class FreePort {
  private FreePort() {}

  /**
   * A port of loopback that is free at this moment: another program may take it before it is used.
   *
   * @throws IOException when no port is free
   */
  public static int onLoopback() throws IOException {
    return on("127.0.0.1");
  }

  /**
   * As {@link #onLoopback}, on another address.
   *
   * @param host the address that is to be listened on, one of this machine
   * @throws IOException when it is another machine's, or no port is free
   */
  public static int on(String host) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return socket.getLocalPort();
    }
  }
}
