package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.Fault;
import babelmux.stsecho.drill.FaultContext;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.drill.Stage;
import babelmux.stsecho.payload.BadPayload;
import babelmux.stsecho.socketio.Admission;
import babelmux.stsecho.socketio.Peer;
import babelmux.stsecho.socketio.SocketHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
 * does no work on sound; voices speak on a small pool. All methods may be called from any thread.
 */
public final class StsService implements SocketHandler, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StsService.class);
  private static final int VOICE_QUEUE = 1024;
  private static final int MAX_WAITING_EVENTS = 10_000;

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
          "simulate:disconnect",
          "drill:faults");

  private final ProtocolSettings settings;
  private final ScheduledThreadPoolExecutor protocol =
      new ScheduledThreadPoolExecutor(1, threads("sts-echo-protocol"));
  private final ThreadPoolExecutor voicePool;
  private final Scheduler clock;
  private final Monitors monitors;
  private final Connection.Shared shared;
  private final Map<String, Connection> connections = new HashMap<>();
  private final AtomicInteger clients = new AtomicInteger();
  private final SessionCounter handshakes = new SessionCounter();
  private final SessionCounter admissions = new SessionCounter();
  private volatile PlanInForce plan;

  /** Starts the threads; close it when the server no longer delivers events. */
  public StsService(ProtocolSettings settings, FaultPlan faults, Clock wallClock) {
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
    this.plan = new PlanInForce(faults, clock.nanos());
    this.shared =
        new Connection.Shared(
            settings, monitors, clock, protocol, voicePool, () -> plan, new SessionCounter());
    protocol.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Clients connected now, monitors included. */
  public int clients() {
    return clients.get();
  }

  /** The faults in force for all clients without a plan of their own. */
  public FaultPlan plan() {
    return plan.plan();
  }

  /** From now on these faults are in force. */
  public void plan(FaultPlan faults) {
    plan = new PlanInForce(faults, clock.nanos());
  }

  /** All sessions, as JSON objects. */
  public CompletionStage<ArrayNode> sessions() {
    return ask(
        () -> {
          ArrayNode list = JsonNodeFactory.instance.arrayNode();
          for (Connection connection : connections.values()) {
            Messages.SessionState state = connection.state();
            if (state != null) {
              list.add(Messages.json(state));
            }
          }
          return list;
        });
  }

  /** Commits a fault now on every connection of that stream; tells how many there were. */
  public CompletionStage<Integer> faultInjector(String streamId, Fault fault) {
    return ask(
        () -> {
          int struck = 0;
          for (Connection connection : List.copyOf(connections.values())) {
            if (streamId.equals(connection.streamId())) {
              connection.faultInjector(fault);
              struck++;
            }
          }
          return struck;
        });
  }

  @Override
  public Admission knock(String streamId) {
    for (Fault fault : strikes(streamId, handshakes)) {
      if (fault instanceof Fault.Refuse refuse && refuse.how() != null) {
        return refuse.how();
      }
    }
    return Admission.ACCEPT;
  }

  @Override
  public Optional<String> refuse(JsonNode auth, String streamId, boolean local) {
    for (Fault fault : strikes(streamId, admissions)) {
      if (fault instanceof Fault.Refuse refuse && refuse.how() == null) {
        return Optional.of("refused by the drill");
      }
    }
    if (!hasToken(auth.path("token").asText(""))) {
      return Optional.of("AUTH_FAILED");
    }
    return isMonitor(auth) && !mayControl(auth.path("token").asText(""), local)
        ? Optional.of("a monitor from another machine needs the server's --token, and none is set")
        : Optional.empty();
  }

  private boolean hasToken(String given) {
    String token = settings.token();
    return token == null || same(token, given);
  }

  /**
   * Tells whether somebody may see what all clients say, and plan what happens to them: whoever has
   * the token; without one, this machine only.
   */
  public boolean mayControl(String token, boolean local) {
    return settings.token() == null ? local : hasToken(token);
  }

  private static boolean isMonitor(JsonNode auth) {
    return auth.path("role").asText("").equals("monitor");
  }

  private List<Fault> strikes(String streamId, SessionCounter sessionCounter) {
    PlanInForce now = plan;
    FaultContext faultContext =
        new FaultContext(
            Stage.CONNECT,
            streamId,
            sessionCounter.next(streamId),
            0,
            0,
            now.elapsedMs(clock.nanos()));
    return now.plan().at(faultContext);
  }

  @Override
  public void connected(Peer peer, JsonNode auth) {
    clients.incrementAndGet();
    boolean monitor = isMonitor(auth);
    run(
        () -> {
          if (monitor) {
            monitors.add(peer);
            return;
          }
          connections.put(peer.id(), new Connection(peer, shared));
          monitors.copy("server", peer.id(), null, "monitor:connected", NullNode.getInstance());
        });
  }

  @Override
  public void event(String peerId, String name, JsonNode payload) {
    if (protocol.getQueue().size() > MAX_WAITING_EVENTS) {
      log.warn("more than {} events wait: {} dropped", MAX_WAITING_EVENTS, name);
      return;
    }
    run(
        () -> {
          Connection connection = connections.get(peerId);
          if (connection != null) {
            connection.receive(name, payload);
          } else if (monitors.contains(peerId) && name.equals("drill:faults")) {
            ObjectNode answer = Controls.plan(payload, this::plan);
            monitors.tell(peerId, name + ":ack", answer);
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
      protocol.execute(ServiceClock.guarded(task));
    } catch (RejectedExecutionException e) {
      log.debug("closing: event dropped");
    }
  }

  private <T> CompletionStage<T> ask(Callable<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      protocol.execute(
          () -> {
            try {
              answer.complete(question.call());
            } catch (BadPayload e) {
              answer.completeExceptionally(e);
            } catch (Exception e) {
              log.error("a question could not be answered", e);
              answer.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  /** Ends the threads; what is being spoken is interrupted. */
  @Override
  public void close() {
    protocol.shutdownNow();
    voicePool.shutdownNow();
    try {
      boolean ended =
          protocol.awaitTermination(2, TimeUnit.SECONDS)
              && voicePool.awaitTermination(5, TimeUnit.SECONDS);
      if (!ended) {
        log.warn("a voice is still speaking");
      }
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
}
