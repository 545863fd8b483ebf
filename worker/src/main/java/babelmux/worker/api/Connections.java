package babelmux.worker.api;

import babelmux.hooks.LogThrottle;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the connections of one HTTP port by a {@link ConnectionTable} and closes those that it
 * names. Runs on event loops. Whoever starts it closes it.
 */
final class Connections implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Connections.class);
  private static final long SWEEP_MILLIS = 1_000;

  private final ConnectionTable<HttpConnection> table;
  private final Vertx vertx;
  private final long timer;
  private final LogThrottle throttle = new LogThrottle(System::nanoTime);

  /**
   * @param maxConnections open at the same time
   * @param headerLimit from the opening to the end of the first request's header
   * @param idleLimit between two requests
   * @param answerLimit for an answer
   */
  Connections(
      Vertx vertx,
      int maxConnections,
      Duration headerLimit,
      Duration idleLimit,
      Duration answerLimit) {
    table = new ConnectionTable<>(maxConnections, headerLimit, idleLimit, answerLimit);
    this.vertx = vertx;
    timer = vertx.setPeriodic(SWEEP_MILLIS, id -> closeLate());
  }

  /** A connection was opened. */
  void opened(HttpConnection connection) {
    connection.closeHandler(closed -> table.forget(connection));
    table
        .opened(connection, System.nanoTime())
        .ifPresent(
            victim -> {
              note(victim, "too many connections are open");
              victim.close();
            });
  }

  /** For a request that no route answers. */
  void requested(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    table.requested(connection, System.nanoTime());
    request.response().endHandler(ended -> table.answered(connection, System.nanoTime()));
  }

  /** Stands before all routes. */
  void requested(RoutingContext context) {
    HttpConnection connection = context.request().connection();
    table.requested(connection, System.nanoTime());
    context.addEndHandler(ended -> table.answered(connection, System.nanoTime()));
    context.next();
  }

  /** The answer has no end: it is not late, and makes room for nobody. */
  void sendsEvents(HttpConnection connection) {
    table.sendsEvents(connection, System.nanoTime());
  }

  /**
   * Closes a connection, also when what was written to it is never read: Vert.x, and then the
   * system, would wait until all of that is sent. Any thread.
   */
  static void disconnect(HttpConnection connection) {
    if (connection instanceof HttpServerConnection server) {
      Channel channel = server.channelHandlerContext().channel();
      channel.eventLoop().execute(() -> channel.unsafe().close(channel.voidPromise()));
    } else {
      connection.close();
    }
  }

  /** The same, and what was written and not sent is lost at once. */
  static void reset(HttpConnection connection) {
    if (connection instanceof HttpServerConnection server) {
      server.channelHandlerContext().channel().config().setOption(ChannelOption.SO_LINGER, 0);
    }
    disconnect(connection);
  }

  private void closeLate() {
    for (HttpConnection late : table.late(System.nanoTime())) {
      log.debug("connection from {} took too long, closed", late.remoteAddress());
      reset(late);
    }
  }

  private void note(HttpConnection victim, String why) {
    throttle
        .permit()
        .ifPresent(
            more -> log.warn("connection from {} closed: {}{}", victim.remoteAddress(), why, more));
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
  }
}
