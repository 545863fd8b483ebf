package babelmux.faultproxy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/** Ends of a socket. */
final class Sockets {
  private Sockets() {}

  /** Closes at once, with RST for the peer. */
  static void reset(SocketChannel channel) {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // It is broken or closed already, and is closed below.
    }
    close(channel);
  }

  static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nobody can do more about it.
    }
  }
}
