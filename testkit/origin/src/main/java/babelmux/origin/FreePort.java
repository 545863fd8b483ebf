package babelmux.origin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds a TCP port for a server that cannot choose one by itself. Any thread. */
public final class FreePort {
  private static final int REMEMBERED = 200;
  // A port that was given away is still free until its server listens.
  private static final Set<Integer> GIVEN = new LinkedHashSet<>();

  private FreePort() {}

  /**
   * A port of loopback that is free at this moment and is not given to anybody else in this process
   * for a while: another program may take it before it is used.
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
    List<ServerSocket> tried = new ArrayList<>();
    synchronized (GIVEN) {
      try {
        while (true) {
          ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host));
          tried.add(socket);
          if (GIVEN.add(socket.getLocalPort())) {
            forgetOldest();
            return socket.getLocalPort();
          }
        }
      } finally {
        for (ServerSocket socket : tried) {
          socket.close();
        }
      }
    }
  }

  private static void forgetOldest() {
    if (GIVEN.size() > REMEMBERED) {
      GIVEN.remove(GIVEN.iterator().next());
    }
  }
}
