package babelmux.worker.streams;

import babelmux.worker.metrics.DestinationMeters;
import babelmux.worker.metrics.StreamMeters;
import babelmux.worker.output.DestinationDrop;
import babelmux.worker.output.DestinationListener;
import babelmux.worker.session.DropReason;
import org.jspecify.annotations.Nullable;

/** Turns what happens at one of a stream's destinations into meters. Thread-safe. */
final class DestinationEvents implements DestinationListener {
  private final DestinationMeters own;
  private final @Nullable StreamMeters stream;

  /**
   * @param own the destination's
   * @param stream the stream's, which count its own output alone; null for another destination
   */
  DestinationEvents(DestinationMeters own, @Nullable StreamMeters stream) {
    this.own = own;
    this.stream = stream;
  }

  @Override
  public void sent(int bytes) {
    own.sent(bytes);
  }

  @Override
  public void dropped(DestinationDrop reason, long packets) {
    own.dropped(packets);
    if (stream != null) {
      stream.dropped(
          switch (reason) {
            case QUEUE_FULL, DISCONNECTED, CLOSED -> DropReason.DESTINATION;
            case MUXER_REFUSED -> DropReason.MUXER_REFUSED;
          },
          packets);
    }
  }

  @Override
  public void connectedAgain() {
    own.reconnected();
  }
}
