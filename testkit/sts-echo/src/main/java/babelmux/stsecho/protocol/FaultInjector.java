package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.Fault;
import babelmux.stsecho.socketio.WireFault;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Commits the faults that need nothing but the client: events, signals, ends, wire trouble. */
final class FaultInjector {
  private FaultInjector() {}

  /** The state of a session that its signals tell. */
  record Load(String streamId, int inflight, int queued, int maxInflight) {}

  /** False when the fault is not of this kind. */
  static boolean beside(Fault fault, Load load, ClientChannel clientChannel, Scheduler clock) {
    if (fault instanceof Fault.Emit emit) {
      emit(emit, clientChannel, clock);
    } else if (fault instanceof Fault.Backpressure signal) {
      backpressure(signal, load, clientChannel, clock);
    } else if (fault instanceof Fault.Wire wire) {
      clientChannel.harm(wire.fault());
    } else {
      return false;
    }
    return true;
  }

  private static void emit(Fault.Emit fault, ClientChannel clientChannel, Scheduler clock) {
    if (fault.afterMs() == 0) {
      clientChannel.emit(fault.event(), fault.payload());
    } else {
      clock.after(
          Duration.ofMillis(fault.afterMs()),
          () -> clientChannel.emit(fault.event(), fault.payload()));
    }
  }

  private static void backpressure(
      Fault.Backpressure fault, Load load, ClientChannel clientChannel, Scheduler clock) {
    say(
        new Backpressure.Signal(fault.severity(), fault.action(), fault.delayMs()),
        fault.full(),
        load,
        clientChannel);
    if (fault.releaseAfterMs() >= 0) {
      clock.after(
          Duration.ofMillis(fault.releaseAfterMs()),
          () ->
              say(new Backpressure.Signal("low", "none", null), fault.full(), load, clientChannel));
    }
  }

  private static void say(
      Backpressure.Signal signal, boolean full, Load load, ClientChannel clientChannel) {
    clientChannel.emit(
        "backpressure",
        new MessageFactory(full ? Dialect.FULL : Dialect.ECHO)
            .backpressure(
                signal, load.streamId(), load.inflight(), load.queued(), load.maxInflight()));
  }

  static void error(
      Fault.ErrorEvent fault,
      @Nullable String streamId,
      @Nullable String fragmentId,
      ClientChannel clientChannel) {
    Refusal refusal =
        new Refusal(fault.code(), fault.message(), fault.severity(), fault.retryable());
    clientChannel.emit(
        "error",
        new MessageFactory(fault.full() ? Dialect.FULL : Dialect.ECHO)
            .error(refusal, fault.ids() ? streamId : null, fault.ids() ? fragmentId : null));
  }

  static void disconnect(Fault.@Nullable Disconnect fault, ClientChannel clientChannel) {
    if (fault != null && fault.reset()) {
      clientChannel.harm(new WireFault.Reset());
    } else {
      clientChannel.disconnect();
    }
  }
}
