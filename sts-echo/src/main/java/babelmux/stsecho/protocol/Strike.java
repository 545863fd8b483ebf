package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.Fault;
import babelmux.stsecho.socketio.WireFault;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Commits the faults that need nothing but the client: events, signals, ends, wire trouble. */
final class Strike {
  private Strike() {}

  /** The state of a session that its signals tell. */
  record Load(String streamId, int inflight, int queued, int maxInflight) {}

  /** False when the fault is not of this kind. */
  static boolean beside(Fault fault, Load load, Outlet outlet, Clockwork clock) {
    if (fault instanceof Fault.Emit emit) {
      emit(emit, outlet, clock);
    } else if (fault instanceof Fault.Backpressure signal) {
      backpressure(signal, load, outlet, clock);
    } else if (fault instanceof Fault.Wire wire) {
      outlet.harm(wire.fault());
    } else {
      return false;
    }
    return true;
  }

  private static void emit(Fault.Emit fault, Outlet outlet, Clockwork clock) {
    if (fault.afterMs() == 0) {
      outlet.emit(fault.event(), fault.payload());
    } else {
      clock.after(
          Duration.ofMillis(fault.afterMs()), () -> outlet.emit(fault.event(), fault.payload()));
    }
  }

  private static void backpressure(
      Fault.Backpressure fault, Load load, Outlet outlet, Clockwork clock) {
    say(
        new Backpressure.Signal(fault.severity(), fault.action(), fault.delayMs()),
        fault.full(),
        load,
        outlet);
    if (fault.releaseAfterMs() >= 0) {
      clock.after(
          Duration.ofMillis(fault.releaseAfterMs()),
          () -> say(new Backpressure.Signal("low", "none", null), fault.full(), load, outlet));
    }
  }

  private static void say(Backpressure.Signal signal, boolean full, Load load, Outlet outlet) {
    outlet.emit(
        "backpressure",
        new Phrases(full ? Dialect.FULL : Dialect.ECHO)
            .backpressure(
                signal, load.streamId(), load.inflight(), load.queued(), load.maxInflight()));
  }

  static void error(
      Fault.ErrorEvent fault,
      @Nullable String streamId,
      @Nullable String fragmentId,
      Outlet outlet) {
    Refusal refusal =
        new Refusal(fault.code(), fault.message(), fault.severity(), fault.retryable());
    outlet.emit(
        "error",
        new Phrases(fault.full() ? Dialect.FULL : Dialect.ECHO)
            .error(refusal, fault.ids() ? streamId : null, fault.ids() ? fragmentId : null));
  }

  static void disconnect(Fault.@Nullable Disconnect fault, Outlet outlet) {
    if (fault != null && fault.reset()) {
      outlet.harm(new WireFault.Reset());
    } else {
      outlet.disconnect();
    }
  }
}
