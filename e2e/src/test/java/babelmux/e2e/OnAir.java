package babelmux.e2e;

import babelmux.app.demo.MediaProgram;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/**
 * A film that went through the worker, and its output as a viewer got it.
 *
 * @param film what was published
 * @param out what was seen, with the times at which it came
 * @param sound what was heard
 * @param status the stream's last one
 */
record OnAir(String id, Path film, Tap out, Path sound, JsonNode status) {

  /**
   * The picture's times.
   *
   * @param missing pictures of the film before the first one seen, which the viewer came too late
   *     for
   * @param lost pictures of the film after it that were not seen, or other ones seen
   * @param shiftUs time in the output minus time in the film
   * @param spreadUs by how much that changed
   * @param jitterUs by how much the time from a picture's own time to its arrival changed
   */
  record Picture(int missing, int lost, long shiftUs, long spreadUs, long jitterUs) {}

  /** Publishes a film and watches its output until both are over. */
  static OnAir play(Running running, String id, Path film, Path sound, Executor pool)
      throws IOException, InterruptedException, ExecutionException {
    CompletableFuture<Tap> out = Tap.start(running, "live/" + id + "/out", pool, sound);
    try (MediaProgram publisher = running.publish(id, film)) {
      if (!publisher.await(Duration.ofSeconds(150)) || !publisher.said().isEmpty()) {
        throw new IllegalStateException("publisher of " + id + ": " + publisher.said());
      }
    }
    JsonNode status = running.awaitOver(id);
    return new OnAir(id, film, out.get(), sound, status);
  }

  /** Compares the pictures seen with the film's, from the first one seen to the film's end. */
  Picture picture() {
    List<Tap.Seen> in = Tap.of(film.toString()).video();
    List<Tap.Seen> seen = out.video();
    int missing = in.size() - seen.size();
    if (missing < 0) {
      return new Picture(missing, -missing, 0, 0, 0);
    }
    int lost = 0;
    List<Long> shifts = new ArrayList<>();
    List<Long> arrivals = new ArrayList<>();
    for (int n = 0; n < seen.size(); n++) {
      Tap.Seen was = in.get(missing + n);
      Tap.Seen is = seen.get(n);
      // MediaMTX writes the same pictures in other packets.
      boolean same = !Servers.currentIsEmbedded() || was.sha256().equals(is.sha256());
      lost += same && was.key() == is.key() ? 0 : 1;
      shifts.add(is.ptsUs() - was.ptsUs());
      arrivals.add(is.arrivalNanos() / 1000 - is.dtsUs());
    }
    shifts.sort(null);
    arrivals.sort(null);
    int last = shifts.size() - 1;
    return new Picture(
        missing,
        lost,
        shifts.get(last / 2),
        shifts.get(last) - shifts.get(0),
        arrivals.get(last) - arrivals.get(0));
  }
}
