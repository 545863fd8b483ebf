package babelmux.stsecho.protocol;

import babelmux.stsecho.socketio.Admission;
import babelmux.stsecho.socketio.Peer;
import babelmux.stsecho.socketio.SocketHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server side of the contract for all clients. Everything runs on one thread of its own, which
 * does no work on sound; voices speak on a small pool.
 */
public final class StsService implements SocketHandler, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StsService.class);
  private static final int VOICE_QUEUE = 1024;

  /** The events that clients may send. */
  public static final List<String> EVENTS =
      List.of(
          "stream:init",
          "fragment:data",
          "fragment:ack",
          "stream:pause",
          "stream:resume",
          "stream:end",
          "config:error_simulation",
          "config:processing_delay",
          "config:backpressure",
          "simulate:disconnect");

  private final ProtocolSettings settings;
  private final ScheduledThreadPoolExecutor protocol =
      new ScheduledThreadPoolExecutor(1, threads("sts-echo-protocol"));
  private final ThreadPoolExecutor voicePool;
  private final Clockwork clock;
  private final Monitors monitors;
  private final Map<String, Connection> connections = new HashMap<>();
  private final AtomicInteger clients = new AtomicInteger();

  /** Starts the threads; close it when the server no longer delivers events. */
  public StsService(ProtocolSettings settings, Clock wallClock) {
    this.settings = settings;
    this.voicePool =
        new ThreadPoolExecutor(
            settings.voiceThreads(),
            settings.voiceThreads(),
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(VOICE_QUEUE),
            threads("sts-echo-voice"));
    this.clock = new ServiceClock(wallClock, protocol);
    this.monitors = new Monitors(clock);
    protocol.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Clients connected now, monitors included. */
  public int clients() {
    return clients.get();
  }

  @Override
  public Admission knock(String streamId) {
    return Admission.ACCEPT;
  }

  @Override
  public Optional<String> refuse(JsonNode auth, String streamId) {
    String token = settings.token();
    if (token == null || same(token, auth.path("token").asText(""))) {
      return Optional.empty();
    }
    return Optional.of("AUTH_FAILED");
  }

  @Override
  public void connected(Peer peer, JsonNode auth) {
    clients.incrementAndGet();
    boolean monitor = auth.path("role").asText("").equals("monitor");
    run(
        () -> {
          if (monitor) {
            monitors.add(peer);
            return;
          }
          connections.put(
              peer.id(), new Connection(peer, settings, monitors, clock, protocol, voicePool));
          monitors.copy("server", peer.id(), null, "monitor:connected", NullNode.getInstance());
        });
  }

  @Override
  public void event(String peerId, String name, JsonNode payload) {
    run(
        () -> {
          Connection connection = connections.get(peerId);
          if (connection != null) {
            connection.receive(name, payload);
          }
        });
  }

  @Override
  public void disconnected(String peerId) {
    run(
        () -> {
          Connection connection = connections.remove(peerId);
          if (connection != null) {
            clients.decrementAndGet();
            connection.gone();
            monitors.copy(
                "server",
                peerId,
                connection.streamId(),
                "monitor:disconnected",
                NullNode.getInstance());
          } else if (monitors.remove(peerId)) {
            clients.decrementAndGet();
          }
        });
  }

  private void run(Runnable task) {
    try {
      protocol.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              log.error("an event could not be handled", e);
            }
          });
    } catch (RejectedExecutionException e) {
      log.debug("closing: event dropped");
    }
  }

  /** Ends the threads; what is being spoken is interrupted. */
  @Override
  public void close() {
    protocol.shutdownNow();
    voicePool.shutdownNow();
    try {
      protocol.awaitTermination(2, TimeUnit.SECONDS);
      voicePool.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean same(String token, String given) {
    return MessageDigest.isEqual(
        token.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private record ServiceClock(Clock wall, ScheduledThreadPoolExecutor protocol)
      implements Clockwork {
    @Override
    public long unixMs() {
      return wall.millis();
    }

    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public void after(Duration delay, Runnable task) {
      try {
        protocol.schedule(
            () -> {
              try {
                task.run();
              } catch (RuntimeException e) {
                log.error("a delayed task failed", e);
              }
            },
            delay.toNanos(),
            TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        log.debug("closing: delayed task dropped");
      }
    }
  }
}
