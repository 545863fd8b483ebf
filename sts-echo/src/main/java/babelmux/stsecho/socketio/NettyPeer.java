package babelmux.stsecho.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import com.fasterxml.jackson.databind.JsonNode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import org.jspecify.annotations.Nullable;

/** A client of netty-socketio. */
final class NettyPeer implements Peer {
  private final SocketIOClient client;
  private final WebSockets sockets;

  NettyPeer(SocketIOClient client, WebSockets sockets) {
    this.client = client;
    this.sockets = sockets;
  }

  @Override
  public String id() {
    return client.getSessionId().toString();
  }

  @Override
  public void emit(String event, JsonNode payload) {
    client.sendEvent(event, payload);
  }

  @Override
  public boolean writable() {
    Channel channel = channel();
    return channel == null || !channel.isActive() || channel.isWritable();
  }

  @Override
  public void disconnect() {
    Channel channel = channel();
    client.disconnect();
    if (channel != null) {
      // Queued behind the disconnect packet, so that the client reads both.
      channel
          .writeAndFlush(new CloseWebSocketFrame(1000, ""))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void harm(WireFault fault) {
    Channel channel = channel();
    if (channel != null) {
      channel.pipeline().fireUserEventTriggered(fault);
    }
  }

  private @Nullable Channel channel() {
    return sockets.of(client.getSessionId());
  }
}
