package babelmux.worker.streams;

import babelmux.worker.metrics.StreamMeters;
import babelmux.worker.output.DestinationDrop;
import babelmux.worker.output.DestinationListener;
import babelmux.worker.session.DropReason;

/** Turns what happens at a stream's destinations into meters. Thread-safe. */
final class DestinationEvents implements DestinationListener {
  private final StreamMeters meters;

  DestinationEvents(StreamMeters meters) {
    this.meters = meters;
  }

  @Override
  public void dropped(DestinationDrop reason, long packets) {
    meters.dropped(
        switch (reason) {
          case QUEUE_FULL, DISCONNECTED, CLOSED -> DropReason.DESTINATION;
          case MUXER_REFUSED -> DropReason.MUXER_REFUSED;
        },
        packets);
  }

  @Override
  public void connectedAgain() {
    meters.destinationReconnected();
  }
}
