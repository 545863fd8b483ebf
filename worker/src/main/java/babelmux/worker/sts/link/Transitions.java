package babelmux.worker.sts.link;

import static babelmux.worker.sts.LinkState.CLOSED;
import static babelmux.worker.sts.LinkState.COMPLETING;
import static babelmux.worker.sts.LinkState.DRAINING;
import static babelmux.worker.sts.LinkState.INITIALISING;
import static babelmux.worker.sts.LinkState.LINGERING;
import static babelmux.worker.sts.LinkState.PASS_THROUGH;
import static babelmux.worker.sts.LinkState.PAUSED;
import static babelmux.worker.sts.LinkState.READY;
import static babelmux.worker.sts.LinkState.RECONNECTING;

import babelmux.worker.sts.LinkState;
import java.util.EnumSet;
import java.util.Set;

/** Which state may follow which. */
final class Transitions {
  private Transitions() {}

  private static Set<LinkState> successors(LinkState state) {
    return switch (state) {
      case CONNECTING, RECONNECTING -> EnumSet.of(INITIALISING, RECONNECTING, PASS_THROUGH, CLOSED);
      case INITIALISING -> EnumSet.of(READY, RECONNECTING, PASS_THROUGH, CLOSED);
      case READY -> EnumSet.of(PAUSED, INITIALISING, RECONNECTING, DRAINING, PASS_THROUGH, CLOSED);
      case PAUSED -> EnumSet.of(READY, INITIALISING, RECONNECTING, DRAINING, PASS_THROUGH, CLOSED);
      case DRAINING -> EnumSet.of(COMPLETING, CLOSED);
      case COMPLETING -> EnumSet.of(LINGERING, CLOSED);
      case PASS_THROUGH -> EnumSet.of(READY, CLOSED);
      case LINGERING -> EnumSet.of(CLOSED);
      case CLOSED -> EnumSet.noneOf(LinkState.class);
    };
  }

  /** Tells whether {@code from} may be followed by {@code to}, or stay. */
  static boolean allowed(LinkState from, LinkState to) {
    return from == to || successors(from).contains(to);
  }
}
