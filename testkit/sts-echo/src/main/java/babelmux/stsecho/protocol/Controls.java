package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.payload.BadPayload;
import babelmux.stsecho.payload.Fields;
import babelmux.stsecho.protocol.Messages.DisconnectAck;
import babelmux.stsecho.protocol.Messages.SimulationAck;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The test controls of the contract: reads them, applies them, answers them. */
final class Controls {
  private static final int MAX_DELAY_MS = 60_000;

  private Controls() {}

  static ObjectNode errorSimulation(Session session, JsonNode payload) {
    try {
      ErrorSimulation rules = ErrorSimulation.read(payload);
      session.simulate(rules);
      return ack("accepted", rules.rules().size(), "error simulation configured");
    } catch (BadPayload e) {
      return ack("rejected", 0, e.reason());
    }
  }

  static ObjectNode processingDelay(Session session, JsonNode payload) {
    try {
      int ms = Fields.of("config:processing_delay", payload).integer("delay_ms", 0, MAX_DELAY_MS);
      session.slowDown(Duration.ofMillis(ms));
      return ack("accepted", 0, "answers take %d ms".formatted(ms));
    } catch (BadPayload e) {
      return ack("rejected", 0, e.reason());
    }
  }

  static ObjectNode backpressure(Session session, JsonNode payload) {
    try {
      session.press(readBackpressure(Fields.of("config:backpressure", payload)));
      return ack("accepted", 0, "backpressure configured");
    } catch (BadPayload e) {
      return ack("rejected", 0, e.reason());
    }
  }

  private static Backpressure readBackpressure(Fields fields) throws BadPayload {
    double threshold = fields.number("threshold", 0.9, 0, 1000);
    String severity = fields.word("severity", "high", List.of("low", "medium", "high"));
    String action = fields.word("action", "pause", List.of("none", "slow_down", "pause"));
    int delayMs = fields.integer("recommended_delay_ms", 500, 0, MAX_DELAY_MS);
    if (!fields.flag("enabled", false)) {
      return new Backpressure.Off();
    }
    @Nullable Integer delay = action.equals("none") ? null : Integer.valueOf(delayMs);
    return new Backpressure.Fixed(threshold, new Backpressure.Signal(severity, action, delay));
  }

  /** Answers at once and leaves after the delay asked for. */
  static void simulateDisconnect(JsonNode payload, ClientChannel clientChannel, Scheduler clock) {
    int delayMs;
    try {
      Fields fields = Fields.of("simulate:disconnect", payload.isNull() ? noFields() : payload);
      delayMs = fields.integer("delay_ms", 0, 0, MAX_DELAY_MS);
    } catch (BadPayload e) {
      clientChannel.emit(
          "simulate:disconnect:ack", Messages.json(new DisconnectAck("rejected", 0, e.reason())));
      return;
    }
    clientChannel.emit(
        "simulate:disconnect:ack",
        Messages.json(
            new DisconnectAck(
                "scheduled", clock.unixMs() + delayMs, "disconnect in %d ms".formatted(delayMs))));
    clock.after(Duration.ofMillis(delayMs), clientChannel::disconnect);
  }

  static ObjectNode plan(JsonNode payload, Consumer<FaultPlan> target) {
    try {
      FaultPlan plan = FaultPlan.read(payload);
      target.accept(plan);
      return ack("accepted", plan.size(), "%d rules in force".formatted(plan.size()));
    } catch (BadPayload e) {
      return ack("rejected", 0, e.reason());
    }
  }

  private static ObjectNode noFields() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static ObjectNode ack(String status, int rules, String message) {
    return Messages.json(new SimulationAck(status, rules, message));
  }
}
