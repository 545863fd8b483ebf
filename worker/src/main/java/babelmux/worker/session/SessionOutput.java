package babelmux.worker.session;

import babelmux.worker.output.Destination;
import java.util.List;

/**
 * The source's video with one dub's audio, and where it goes.
 *
 * @param dub the name of the dub that it carries
 * @param destinations the session's from now on; none waits for another
 */
public record SessionOutput(String dub, List<Destination> destinations) {
  public SessionOutput {
    destinations = List.copyOf(destinations);
  }
}
