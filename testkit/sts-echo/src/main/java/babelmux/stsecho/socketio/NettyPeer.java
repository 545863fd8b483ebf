package babelmux.stsecho.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.Transport;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of netty-socketio. On a WebSocket its packets are written here: the library's own queue
 * lets a packet overtake a fault that was meant to come before it.
 */
final class NettyPeer implements Peer {
  private static final Logger log = LoggerFactory.getLogger(NettyPeer.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVENT = "42";
  private static final String DISCONNECT = "41";

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
    Channel channel = channel();
    if (channel == null) {
      client.sendEvent(event, payload);
    } else {
      JsonNode packet = JsonNodeFactory.instance.arrayNode().add(event).add(payload);
      inOrder(channel, () -> channel.writeAndFlush(frame(EVENT, packet)));
    }
  }

  @Override
  public boolean writable() {
    Channel channel = channel();
    return channel == null || !channel.isActive() || channel.isWritable();
  }

  @Override
  public void disconnect() {
    Channel channel = channel();
    if (channel == null) {
      client.disconnect();
      return;
    }
    inOrder(
        channel,
        () -> {
          channel.write(new TextWebSocketFrame(DISCONNECT));
          channel
              .writeAndFlush(new CloseWebSocketFrame(1000, ""))
              .addListener(ChannelFutureListener.CLOSE);
        });
  }

  @Override
  public void harm(WireFault fault) {
    Channel channel = channel();
    if (channel != null) {
      inOrder(channel, () -> channel.pipeline().fireUserEventTriggered(fault));
    }
  }

  private static void inOrder(Channel channel, Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("closing: a packet is not sent");
    }
  }

  private static TextWebSocketFrame frame(String type, JsonNode packet) {
    try {
      return new TextWebSocketFrame(
          Unpooled.wrappedBuffer(
              type.getBytes(StandardCharsets.UTF_8), JSON.writeValueAsBytes(packet)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree that cannot be written", e);
    }
  }

  private @Nullable Channel channel() {
    return client.getTransport() == Transport.WEBSOCKET ? sockets.of(client.getSessionId()) : null;
  }
}
