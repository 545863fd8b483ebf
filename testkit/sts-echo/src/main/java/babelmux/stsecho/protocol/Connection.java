package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.Fault;
import babelmux.stsecho.drill.FaultContext;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.drill.Stage;
import babelmux.stsecho.payload.BadPayload;
import babelmux.stsecho.socketio.Peer;
import babelmux.stsecho.socketio.WireFault;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One client: hands its events to its session. Protocol thread only. */
final class Connection implements ClientChannel {

  /**
   * Parts that all connections share.
   *
   * @param plan the faults in force for clients without a plan of their own
   */
  record Shared(
      ProtocolSettings settings,
      Monitors monitors,
      Scheduler clock,
      Executor protocol,
      Executor voicePool,
      Supplier<PlanInForce> plan,
      SessionCounter sessions) {}

  private final Peer peer;
  private final Shared shared;
  private final Dialect dialect;
  private @Nullable Session session;
  private @Nullable PlanInForce ownPlan;
  private boolean gone;

  Connection(Peer peer, Shared shared) {
    this.peer = peer;
    this.shared = shared;
    this.dialect = shared.settings().dialect();
  }

  @Override
  public void emit(String event, ObjectNode payload) {
    if (!gone) {
      peer.emit(event, payload);
      shared.monitors().copy("out", peer.id(), streamId(), event, payload);
    }
  }

  @Override
  public void disconnect() {
    peer.disconnect();
  }

  @Override
  public void harm(WireFault fault) {
    peer.harm(fault);
  }

  @Override
  public void note(Fault fault, FaultContext faultContext) {
    shared
        .monitors()
        .copy(
            "server",
            peer.id(),
            faultContext.stream(),
            "monitor:fault",
            Messages.json(
                new Messages.Struck(
                    fault.word(),
                    faultContext.stage().label(),
                    faultContext.session(),
                    faultContext.fragment())));
  }

  void receive(String event, JsonNode payload) {
    shared.monitors().copy("in", peer.id(), streamId(), event, payload);
    switch (event) {
      case "stream:init" -> init(payload);
      case "simulate:disconnect" -> Controls.simulateDisconnect(payload, this, shared.clock());
      case "drill:faults" -> emit(event + ":ack", Controls.plan(payload, this::plan));
      default -> {
        if (session != null) {
          receive(session, event, payload);
        } else if (!event.equals("fragment:ack")) {
          refuse(
              event.equals("fragment:data")
                  ? Refusal.noSession(dialect)
                  : new Refusal("STREAM_NOT_FOUND", "no active session", "error", false));
        }
      }
    }
  }

  private void receive(Session current, String event, JsonNode payload) {
    switch (event) {
      case "fragment:data" -> current.fragment(payload);
      case "fragment:ack" -> current.acknowledged();
      case "stream:pause" -> current.pause();
      case "stream:resume" -> current.resume();
      case "stream:end" -> current.end();
      case "config:error_simulation" ->
          emit(event + ":ack", Controls.errorSimulation(current, payload));
      case "config:processing_delay" ->
          emit(event + ":ack", Controls.processingDelay(current, payload));
      case "config:backpressure" -> emit(event + ":ack", Controls.backpressure(current, payload));
      default -> throw new IllegalArgumentException(event);
    }
  }

  private void init(JsonNode payload) {
    StreamInit init;
    try {
      init = StreamInit.read(payload);
    } catch (BadPayload e) {
      refuse(Refusal.invalid(e));
      return;
    }
    if (session != null) {
      session.abandon();
    }
    SessionContext context =
        new SessionContext(
            shared.settings(),
            this,
            shared.clock(),
            shared.protocol(),
            shared.voicePool(),
            this::plan,
            shared.sessions().next(init.streamId()));
    List<Fault> faults = context.strikes(Stage.INIT, init.streamId());
    for (Fault fault : faults) {
      if (fault instanceof Fault.ErrorEvent error) {
        session = null;
        FaultInjector.error(error, init.streamId(), null, this);
        return;
      }
    }
    Session begun = new Session(init, context, dialect(faults));
    session = begun;
    begun.ready(faults);
  }

  private Dialect dialect(List<Fault> faults) {
    Dialect synthesis = dialect;
    for (Fault fault : faults) {
      if (fault instanceof Fault.Shape shape) {
        synthesis = shape.full() ? Dialect.FULL : Dialect.ECHO;
      }
    }
    return synthesis;
  }

  private void refuse(Refusal refusal) {
    emit("error", new MessageFactory(dialect).error(refusal, streamId(), null));
  }

  /** Commits a fault now, outside of any message. */
  void faultInjector(Fault fault) throws BadPayload {
    Session current = session;
    FaultInjector.Load load =
        current == null ? new FaultInjector.Load("", 0, 0, 1) : current.load();
    if (FaultInjector.beside(fault, load, this, shared.clock())) {
      return;
    }
    if (fault instanceof Fault.Disconnect disconnect) {
      FaultInjector.disconnect(disconnect, this);
    } else if (fault instanceof Fault.ErrorEvent error) {
      FaultInjector.error(error, streamId(), null, this);
    } else {
      throw new BadPayload(
          "fault.do: '%s' cannot strike now, expected backpressure, disconnect, emit, error, hang,"
                  .formatted(fault.word())
              + " stall_pings or trickle");
    }
  }

  private PlanInForce plan() {
    return ownPlan == null ? shared.plan().get() : ownPlan;
  }

  /** From now on this client meets the faults of this plan, and no others. */
  void plan(FaultPlan plan) {
    ownPlan = new PlanInForce(plan, shared.clock().nanos());
  }

  void gone() {
    gone = true;
    if (session != null) {
      session.abandon();
    }
  }

  @Nullable String streamId() {
    return session == null ? null : session.streamId();
  }

  Messages.@Nullable SessionState state() {
    return session == null ? null : session.state();
  }
}
