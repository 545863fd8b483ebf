package babelmux.origin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;

/** Closes at once; {@link NetSocket#close} would wait for a peer that does not read. */
final class HardClose {
  private HardClose() {}

  static void close(NetSocket socket) {
    close(channel(socket));
  }

  static void close(HttpConnection connection) {
    close(((ConnectionBase) connection).channel());
  }

  private static void close(Channel channel) {
    if (channel.isOpen()) {
      channel.unsafe().close(channel.newPromise());
    }
  }

  /** The peer gets RST instead of FIN when this socket is closed. */
  static void resetOnClose(NetSocket socket) {
    Channel channel = channel(socket);
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
  }

  private static Channel channel(NetSocket socket) {
    return ((NetSocketInternal) socket).channelHandlerContext().channel();
  }
}
