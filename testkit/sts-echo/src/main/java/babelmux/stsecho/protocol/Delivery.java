package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.Fault;
import babelmux.stsecho.drill.FragmentFate;
import babelmux.stsecho.socketio.WireFault;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Sends answers as their fate has it: not at all, several times, behind later ones, halfway. */
final class Delivery {
  private static final String EVENT = "fragment:processed";

  private record Held(ObjectNode payload, FragmentFate fate, int behind) {}

  private final ClientChannel clientChannel;
  private final List<Held> held = new ArrayList<>();

  Delivery(ClientChannel clientChannel) {
    this.clientChannel = clientChannel;
  }

  void deliver(ObjectNode payload, FragmentFate fate) {
    if (fate.holdFor() > 0) {
      held.add(new Held(payload, fate, fate.holdFor()));
      return;
    }
    send(payload, fate);
    List<Held> waiting = List.copyOf(held);
    held.clear();
    for (Held one : waiting) {
      if (one.behind() == 1) {
        send(one.payload(), one.fate());
      } else {
        held.add(new Held(one.payload(), one.fate(), one.behind() - 1));
      }
    }
  }

  /** Sends what is held back; no later answer will come. */
  void flush() {
    List<Held> waiting = List.copyOf(held);
    held.clear();
    waiting.forEach(one -> send(one.payload(), one.fate()));
  }

  private void send(ObjectNode payload, FragmentFate fate) {
    for (Fault.Patch patch : fate.patches()) {
      Overlay.lay(patch.fields(), payload);
    }
    if (fate.disconnectsAt(Fault.Point.MID_ANSWER)) {
      clientChannel.harm(new WireFault.CutNext());
    }
    for (int copy = 0; copy < fate.copies(); copy++) {
      clientChannel.emit(EVENT, payload);
    }
    if (fate.disconnectsAt(Fault.Point.AFTER_ANSWER)) {
      FaultInjector.disconnect(fate.disconnect(), clientChannel);
    }
  }
}
