package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.Fault;
import babelmux.stsecho.socketio.WireFault;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers a good stream:init, with the faults of the drill. */
record Opening(
    StreamInit init, String sessionId, SessionContext context, MessageFactory messageFactory) {

  void perform(List<Fault> faults, FaultInjector.Load load) {
    ClientChannel clientChannel = context.clientChannel();
    ObjectNode ready = messageFactory.ready(init, sessionId);
    long delayMs = 0;
    boolean dropped = false;
    Fault.Disconnect end = null;
    for (Fault fault : faults) {
      if (fault instanceof Fault.Delay delay) {
        delayMs += delay.ms();
      } else if (fault instanceof Fault.Drop) {
        dropped = true;
      } else if (fault instanceof Fault.Disconnect disconnect) {
        end = disconnect;
      } else if (fault instanceof Fault.Patch patch) {
        Overlay.lay(patch.fields(), ready);
      } else {
        FaultInjector.beside(fault, load, clientChannel, context.clock());
      }
    }
    Fault.Disconnect disconnect = end;
    Runnable answer = dropped ? () -> {} : () -> answer(ready, disconnect);
    if (delayMs == 0) {
      answer.run();
    } else {
      context.clock().after(Duration.ofMillis(delayMs), answer);
    }
  }

  private void answer(ObjectNode ready, Fault.@Nullable Disconnect end) {
    ClientChannel clientChannel = context.clientChannel();
    if (end == null) {
      clientChannel.emit("stream:ready", ready);
      return;
    }
    switch (end.at()) {
      case BEFORE_ACK, AFTER_ACK -> FaultInjector.disconnect(end, clientChannel);
      case MID_ANSWER -> {
        clientChannel.harm(new WireFault.CutNext());
        clientChannel.emit("stream:ready", ready);
      }
      case AFTER_ANSWER -> {
        clientChannel.emit("stream:ready", ready);
        FaultInjector.disconnect(end, clientChannel);
      }
    }
  }
}
