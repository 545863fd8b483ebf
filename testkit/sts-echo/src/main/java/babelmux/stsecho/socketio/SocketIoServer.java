package babelmux.stsecho.socketio;

import com.corundumstudio.socketio.AuthTokenResult;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.namespace.Namespace;
import com.corundumstudio.socketio.namespace.NamespacesHub;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Socket.IO 5 / Engine.IO 4 server, websocket and polling, namespace {@code /}. Uses
 * netty-socketio below its {@code SocketIOServer}, which neither tells the port it was given nor
 * stops in under four seconds.
 */
public final class SocketIoServer implements AutoCloseable {
  private static final WriteBufferWaterMark PATIENCE = new WriteBufferWaterMark(16 << 20, 64 << 20);

  private final EventLoopGroup loops;
  private final Pipeline pipeline;
  private final Channel channel;

  private SocketIoServer(EventLoopGroup loops, Pipeline pipeline, Channel channel) {
    this.loops = loops;
    this.pipeline = pipeline;
    this.channel = channel;
  }

  /**
   * Listens.
   *
   * @param events names of the events that the handler wants; all others are ignored
   * @throws IOException when the port is taken or the address is not ours; names both
   */
  public static SocketIoServer start(
      SocketIoOptions options, Collection<String> events, SocketHandler handler, HttpRoutes routes)
      throws IOException {
    Configuration configuration = configuration(options);
    NamespacesHub hub = new NamespacesHub(configuration);
    WebSockets sockets = new WebSockets();
    listen(hub.create(Namespace.DEFAULT_NAME), events, handler, sockets);
    Pipeline pipeline = new Pipeline(new HttpGate(options.path(), handler, routes), sockets);
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            2, new DefaultThreadFactory("sts-echo-io", true), NioIoHandler.newFactory());
    pipeline.start(configuration, hub);
    ChannelFuture bound = bind(options, loops, pipeline);
    if (!bound.isSuccess()) {
      pipeline.stop();
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new IOException(
          "cannot listen on %s:%d: %s"
              .formatted(options.host(), options.port(), bound.cause().getMessage()),
          bound.cause());
    }
    return new SocketIoServer(loops, pipeline, bound.channel());
  }

  /** The TCP port it listens on. */
  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Ends all connections and frees the port; returns when both are done, at most 2 s later. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    pipeline.stop();
  }

  private static ChannelFuture bind(
      SocketIoOptions options, EventLoopGroup loops, Pipeline pipeline) {
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, 1024)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, PATIENCE)
        .childHandler(pipeline)
        .bind(options.host(), options.port())
        .awaitUninterruptibly();
  }

  private static Configuration configuration(SocketIoOptions options) {
    Configuration configuration = new Configuration();
    configuration.setContext(options.path());
    configuration.setTransports(Transport.WEBSOCKET, Transport.POLLING);
    configuration.setPingInterval(Math.toIntExact(options.pingInterval().toMillis()));
    configuration.setPingTimeout(Math.toIntExact(options.pingTimeout().toMillis()));
    configuration.setMaxFramePayloadLength(options.maxFrameBytes());
    configuration.setMaxHttpContentLength(options.maxHttpBytes());
    configuration.setRandomSession(true);
    configuration.setAddVersionHeader(false);
    // Base64 of compressed sound does not get smaller.
    configuration.setWebsocketCompression(false);
    configuration.setHttpCompression(false);
    configuration.setJsonSupport(new TolerantJson());
    configuration.setExceptionListener(new QuietFailures());
    return configuration;
  }

  private static void listen(
      Namespace namespace, Collection<String> events, SocketHandler handler, WebSockets sockets) {
    ObjectMapper json = new ObjectMapper();
    namespace.addAuthTokenListener(
        (auth, client) -> {
          JsonNode credentials = json.valueToTree(auth instanceof Map ? auth : Map.of());
          Optional<String> refusal =
              handler.refuse(
                  credentials, streamId(client), HttpGate.isLocal(client.getRemoteAddress()));
          if (refusal.isPresent()) {
            return new AuthTokenResult(false, Map.of("message", refusal.get()));
          }
          handler.connected(new NettyPeer(client, sockets), credentials);
          return AuthTokenResult.AuthTokenResultSuccess;
        });
    for (String event : events) {
      namespace.addEventListener(
          event,
          JsonNode.class,
          (client, payload, acknowledgement) ->
              handler.event(
                  client.getSessionId().toString(),
                  event,
                  payload == null ? NullNode.getInstance() : payload));
    }
    namespace.addEventListener(
        TolerantJson.MALFORMED,
        JsonNode.class,
        (client, payload, ack) -> new NettyPeer(client, sockets).disconnect());
    namespace.addDisconnectListener(
        client -> handler.disconnected(client.getSessionId().toString()));
  }

  private static String streamId(SocketIOClient client) {
    String header = client.getHandshakeData().getHttpHeaders().get(HttpGate.STREAM_ID_HEADER);
    return header == null ? "" : header;
  }
}
