package babelmux.worker.session;

import babelmux.worker.output.Destination;
import babelmux.worker.output.Outlet;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import java.time.Duration;
import java.util.List;

/** One output, several destinations; none waits for another. */
final class FanOut implements Outlet {
  private final List<Destination> destinations;

  FanOut(List<Destination> destinations) {
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

  /** Ends every connection in an orderly way, side by side, within the limit. */
  void finish(Duration limit) throws InterruptedException {
    destinations.forEach(Destination::beginFinish);
    long deadline = System.nanoTime() + limit.toNanos();
    for (Destination destination : destinations) {
      destination.awaitFinish(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
    }
  }

  void close() {
    destinations.forEach(Destination::close);
  }
}
