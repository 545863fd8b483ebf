package babelmux.worker.session;

import babelmux.worker.output.Destination;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.output.PacketSink;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** One output, several destinations; none waits for another. */
final class DestinationGroup implements PacketSink {
  private final List<Destination> destinations;
  private final LongSupplier clock;

  /**
   * @param clock monotonic, nanoseconds
   */
  DestinationGroup(List<Destination> destinations, LongSupplier clock) {
    this.clock = clock;
    this.destinations = List.copyOf(destinations);
  }

  @Override
  public void begin(OutputFormats formats) {
    destinations.forEach(destination -> destination.begin(formats));
  }

  @Override
  public void write(OutputPacket packet) {
    destinations.forEach(destination -> destination.write(packet));
  }

  /** Begins to end every connection in an orderly way, side by side. */
  void beginFinish() {
    destinations.forEach(Destination::beginFinish);
  }

  /**
   * Waits for the ends that have begun.
   *
   * @param deadline on the clock
   */
  void awaitFinish(long deadline) throws InterruptedException {
    for (Destination destination : destinations) {
      destination.awaitFinish(Duration.ofNanos(Math.max(1, deadline - clock.getAsLong())));
    }
  }

  void close() {
    destinations.forEach(Destination::close);
  }
}
