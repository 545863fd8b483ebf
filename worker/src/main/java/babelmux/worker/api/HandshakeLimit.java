package babelmux.worker.api;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the connections of a TLS server that have not finished their handshake: Vert.x tells
 * nobody of them. Whoever opens such connections makes room for the others, as in {@link
 * ConnectionTable}. Runs on event loops.
 */
@Sharable
final class HandshakeLimit extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(HandshakeLimit.class);

  /** Connections in their handshake at the same time. */
  static final int MAX_HANDSHAKES = 256;

  /** Vert.x closes a connection whose handshake takes longer. */
  static final Duration LIMIT = Duration.ofSeconds(5);

  private final ConnectionTable<Channel> table =
      new ConnectionTable<>(MAX_HANDSHAKES, LIMIT, LIMIT, LIMIT);

  private HandshakeLimit() {}

  /** Makes a Vert.x whose servers have this limit; the caller's to close. */
  static Vertx vertx(VertxOptions options) {
    return Vertx.builder().with(options).withTransport(new Named(new Limited())).build();
  }

  /** Vert.x's default transport; its servers' listening sockets pass new connections through us. */
  private static final class Limited extends NioTransport {
    @Override
    public void configure(TcpConfig options, boolean domainSocket, ServerBootstrap bootstrap) {
      super.configure(options, domainSocket, bootstrap);
      bootstrap.handler(new HandshakeLimit());
    }
  }

  /** What Vert.x is given it in. */
  private record Named(Transport implementation) implements io.vertx.core.transport.Transport {
    @Override
    public String name() {
      return "nio";
    }

    @Override
    public boolean available() {
      return true;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
      return null;
    }
  }

  /** A listening socket has a new connection, which no event loop has yet. */
  @Override
  public void channelRead(ChannelHandlerContext listening, Object message) {
    Channel accepted = (Channel) message;
    Channel victim = table.opened(accepted, System.nanoTime()).orElse(null);
    if (victim == accepted) {
      log.debug("connection from {} closed: too many handshakes", accepted.remoteAddress());
      accepted.unsafe().closeForcibly();
      return;
    }
    if (victim != null) {
      log.debug("connection from {} closed: too many handshakes", victim.remoteAddress());
      victim.close();
    }
    accepted.closeFuture().addListener(closed -> table.forget(accepted));
    accepted.pipeline().addLast(new FirstBytes());
    listening.fireChannelRead(accepted);
  }

  /** Stands before everything else of a connection until its first bytes come. */
  private final class FirstBytes extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      Channel channel = context.channel();
      SslHandler tls = context.pipeline().get(SslHandler.class);
      if (tls == null) {
        table.forget(channel);
      } else {
        tls.handshakeFuture().addListener(done -> table.forget(channel));
      }
      context.pipeline().remove(this);
      context.fireChannelRead(message);
    }
  }
}
