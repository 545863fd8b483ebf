package babelmux.stsecho.socketio;

import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.messages.PacketsMessage;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Knows the WebSocket of each client, which the library does not show. */
@Sharable
final class WebSockets extends ChannelInboundHandlerAdapter {
  private final Map<UUID, Channel> channels = new ConcurrentHashMap<>();

  /** Null while the client polls, and after its connection ended. */
  @Nullable Channel of(UUID client) {
    return channels.get(client);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof PacketsMessage packets
        && packets.getTransport() == Transport.WEBSOCKET) {
      UUID client = packets.getClient().getSessionId();
      Channel channel = context.channel();
      if (channels.put(client, channel) != channel) {
        channel.closeFuture().addListener(closed -> channels.remove(client, channel));
      }
    }
    context.fireChannelRead(message);
  }
}
