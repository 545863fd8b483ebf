package babelmux.stsecho.protocol;

import babelmux.stsecho.socketio.Peer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One client: hands its events to its session. Protocol thread only. */
final class Connection implements Outlet {
  private final Peer peer;
  private final ProtocolSettings settings;
  private final Monitors monitors;
  private final Clockwork clock;
  private final Executor protocol;
  private final Executor voicePool;
  private @Nullable Session session;

  Connection(
      Peer peer,
      ProtocolSettings settings,
      Monitors monitors,
      Clockwork clock,
      Executor protocol,
      Executor voicePool) {
    this.peer = peer;
    this.settings = settings;
    this.monitors = monitors;
    this.clock = clock;
    this.protocol = protocol;
    this.voicePool = voicePool;
  }

  @Override
  public void emit(String event, ObjectNode payload) {
    peer.emit(event, payload);
    monitors.copy("out", peer.id(), streamId(), event, payload);
  }

  @Override
  public void disconnect() {
    peer.disconnect();
  }

  void receive(String event, JsonNode payload) {
    monitors.copy("in", peer.id(), streamId(), event, payload);
    switch (event) {
      case "stream:init" -> init(payload);
      case "simulate:disconnect" -> Controls.simulateDisconnect(payload, this, clock);
      default -> {
        if (session == null) {
          refuse(
              event.equals("fragment:data")
                  ? Refusal.noSession(settings.dialect())
                  : new Refusal("STREAM_NOT_FOUND", "no active session", "error", false));
        } else {
          receive(session, event, payload);
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
    gone();
    Session begun = new Session(init, settings, this, clock, protocol, voicePool);
    session = begun;
    begun.ready();
  }

  private void refuse(Refusal refusal) {
    emit("error", refusal.json(settings.dialect(), streamId(), null));
  }

  void gone() {
    if (session != null) {
      session.abandon();
    }
  }

  @Nullable String streamId() {
    return session == null ? null : session.streamId();
  }
}
