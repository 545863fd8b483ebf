package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.Fault;
import babelmux.stsecho.drill.FaultContext;
import babelmux.stsecho.socketio.WireFault;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Channel for a session's messages: to its client, and a copy to every monitor. */
interface ClientChannel {
  void emit(String event, ObjectNode payload);

  void disconnect();

  void harm(WireFault fault);

  /** Tells the monitors that a fault of the drill strikes. */
  void note(Fault fault, FaultContext faultContext);
}
