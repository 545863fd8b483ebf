package babelmux.worker.streams;

import babelmux.worker.metrics.StreamMeters;
import babelmux.worker.output.DestinationListener;
import babelmux.worker.session.DropReason;

/** Turns what happens at a stream's destinations into meters. Thread-safe. */
final class DestinationEvents implements DestinationListener {
  private final StreamMeters meters;

  DestinationEvents(StreamMeters meters) {
    this.meters = meters;
  }

  @Override
  public void dropped(long packets) {
    meters.dropped(DropReason.DESTINATION, packets);
  }

  @Override
  public void connectedAgain() {
    meters.destinationReconnected();
  }
}
