package babelmux.origin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for RTMP, keeps the connections and gives them their ticks. Event loop only. */
final class RtmpServer {
  private static final Logger log = LoggerFactory.getLogger(RtmpServer.class);

  private final Vertx vertx;
  private final OriginConfig config;
  private final Relay relay;
  private final FaultPlan faults;
  private final Clock clock;
  private final Set<RtmpServerConnection> connections = new LinkedHashSet<>();
  private @Nullable NetServer listener;

  RtmpServer(Vertx vertx, OriginConfig config, Relay relay, FaultPlan faults, Clock clock) {
    this.vertx = vertx;
    this.config = config;
    this.relay = relay;
    this.faults = faults;
    this.clock = clock;
    long tickMs = Math.max(10, Math.min(100, config.readTimeout().toMillis() / 20));
    vertx.setPeriodic(tickMs, id -> tick(tickMs));
  }

  /**
   * @return the port
   */
  Future<Integer> listen(int port) {
    NetServerOptions options = new NetServerOptions().setTcpNoDelay(true).setReuseAddress(true);
    NetServer server = vertx.createNetServer(options).connectHandler(this::accept);
    listener = server;
    return server.listen(port, config.host()).map(NetServer::actualPort);
  }

  Future<Void> stopListening() {
    NetServer server = listener;
    listener = null;
    return server == null ? Future.succeededFuture() : server.close();
  }

  private void accept(NetSocket socket) {
    if (connections.size() >= config.maxConnections()) {
      log.warn("conn {} refused: {} connections", socket.remoteAddress(), config.maxConnections());
      HardClose.resetOnClose(socket);
      HardClose.close(socket);
      return;
    }
    RtmpServerConnection connection = new RtmpServerConnection(socket, this, clock.instant());
    connections.add(connection);
    connection.start();
  }

  private void tick(long elapsedMs) {
    long now = System.nanoTime();
    connections().forEach(connection -> connection.tick(elapsedMs, now));
  }

  void remove(RtmpServerConnection connection) {
    connections.remove(connection);
  }

  /** Every connection ends in an orderly way, the hooks are told. */
  int closeAll() {
    List<RtmpServerConnection> all = connections();
    all.forEach(connection -> connection.close("terminated"));
    return all.size();
  }

  /** Every connection breaks, no hook runs. */
  int breakAll() {
    relay.forget();
    List<RtmpServerConnection> all = connections();
    all.forEach(connection -> connection.reset("killed"));
    return all.size();
  }

  /** A copy, oldest first. */
  List<RtmpServerConnection> connections() {
    return List.copyOf(connections);
  }

  boolean mayPublish(Map<String, String> query) {
    return accepts(config.publishCredentials(), query);
  }

  boolean mayRead(Map<String, String> query) {
    return accepts(config.readCredentials(), query);
  }

  private static boolean accepts(@Nullable Credentials wanted, Map<String, String> query) {
    return wanted == null
        || wanted.accept(query.getOrDefault("user", ""), query.getOrDefault("pass", ""));
  }

  OriginConfig config() {
    return config;
  }

  Relay relay() {
    return relay;
  }

  FaultPlan faults() {
    return faults;
  }
}
