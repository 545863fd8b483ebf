package babelmux.stsecho.protocol;

import babelmux.stsecho.drill.Fault;
import babelmux.stsecho.drill.Stage;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of a session: completes when everything is answered or the client's own limit has passed,
 * and leaves some time later. Protocol thread only.
 */
final class Ending {
  private static final Duration MAX_DRAIN = Duration.ofSeconds(30);

  private final StreamInit init;
  private final SessionContext context;
  private final MessageFactory messageFactory;
  private final Tally tally;
  private final Delivery delivery;
  private final long startedNanos;
  private final List<Fault.Patch> patches = new ArrayList<>();
  private boolean begun;
  private boolean completed;
  private boolean never;
  private boolean abandoned;
  private Duration delay = Duration.ZERO;

  Ending(
      StreamInit init,
      SessionContext context,
      MessageFactory messageFactory,
      Tally tally,
      Delivery delivery) {
    this.init = init;
    this.context = context;
    this.messageFactory = messageFactory;
    this.tally = tally;
    this.delivery = delivery;
    this.startedNanos = context.clock().nanos();
  }

  boolean begun() {
    return begun;
  }

  boolean completed() {
    return completed;
  }

  void abandon() {
    abandoned = true;
  }

  void begin(int unanswered, FaultInjector.Load load) {
    if (begun) {
      return;
    }
    begun = true;
    boolean early = false;
    for (Fault fault : context.strikes(Stage.END, init.streamId())) {
      if (fault instanceof Fault.Early) {
        early = true;
      } else if (fault instanceof Fault.Drop) {
        never = true;
      } else if (fault instanceof Fault.Delay more) {
        delay = delay.plusMillis(more.ms());
      } else if (fault instanceof Fault.Patch patch) {
        patches.add(patch);
      } else if (fault instanceof Fault.Disconnect disconnect) {
        FaultInjector.disconnect(disconnect, context.clientChannel());
      } else {
        FaultInjector.beside(fault, load, context.clientChannel(), context.clock());
      }
    }
    if (early) {
      complete();
    } else if (unanswered == 0) {
      allAnswered();
    } else {
      Duration limit = Duration.ofMillis(init.timeoutMs());
      context.clock().after(limit.compareTo(MAX_DRAIN) < 0 ? limit : MAX_DRAIN, this::allAnswered);
    }
  }

  /** Nothing is left to answer, or what is left takes too long. */
  void allAnswered() {
    if (!begun || completed) {
      return;
    }
    delivery.flush();
    if (delay.isZero()) {
      complete();
    } else {
      context.clock().after(delay, this::complete);
    }
  }

  /** stream:complete now, whatever is left. */
  void complete() {
    if (completed || abandoned || never) {
      return;
    }
    begun = true;
    completed = true;
    long ageMs = (context.clock().nanos() - startedNanos) / 1_000_000;
    ObjectNode payload = messageFactory.complete(init.streamId(), tally, ageMs);
    patches.forEach(patch -> Overlay.lay(patch.fields(), payload));
    context.clientChannel().emit("stream:complete", payload);
    context.clock().after(context.settings().autoDisconnect(), this::leave);
  }

  private void leave() {
    if (!abandoned) {
      context.clientChannel().disconnect();
    }
  }
}
