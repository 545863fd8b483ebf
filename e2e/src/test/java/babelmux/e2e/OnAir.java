package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.testmedia.MediaTask;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A film that went through the worker, and its output as a viewer got it.
 *
 * @param film what was published
 * @param out what was seen, with the times at which it came
 * @param sound what was heard
 * @param status the stream's last one
 * @param othersUs {@link CpuOfOthers} while it was on air
 */
record OnAir(String id, Path film, Tap out, Path sound, JsonNode status, long othersUs) {
  /** From one picture of the films to the next. */
  static final long FRAME_US = 33_334;

  /** What a busy machine may take; a fault that stopped the output would take seconds. */
  private static final long STALL_US = 2_000_000;

  /**
   * The picture.
   *
   * @param before pictures of the film before the first one seen: the viewer came too late for them
   * @param after pictures of the film after the last one seen
   * @param lost pictures between the two that were not seen, or other ones seen
   * @param shiftUs time in the output minus time in the film
   * @param spreadUs by how much that changed
   * @param jitterUs by how much the time from a picture's own time to its arrival changed
   */
  record Picture(int before, int after, int lost, long shiftUs, long spreadUs, long jitterUs) {}

  /**
   * As {@link #play}, beside the caller, with threads of its own. They end with the film, or soon
   * after what is running is closed.
   */
  static Future<OnAir> start(Running running, String id, Path film, Path sound) {
    ExecutorService pool = Executors.newCachedThreadPool();
    return pool.submit(
        () -> {
          try {
            return play(running, id, film, sound, pool);
          } finally {
            pool.shutdownNow();
          }
        });
  }

  /** Publishes a film and watches its output until both are over. */
  static OnAir play(Running running, String id, Path film, Path sound, Executor pool)
      throws IOException, InterruptedException, ExecutionException {
    CpuOfOthers others = CpuOfOthers.start();
    CompletableFuture<Tap> out = Tap.start(running, "live/" + id + "/out", pool, sound);
    try (MediaTask publisher = running.publish(id, film)) {
      if (!publisher.await(Duration.ofSeconds(150)) || !publisher.said().isEmpty()) {
        throw new IllegalStateException("publisher of " + id + ": " + publisher.said());
      }
    }
    JsonNode status = running.awaitOver(id);
    return new OnAir(id, film, out.get(), sound, status, others.sinceStartUs());
  }

  /** Compares the pictures seen with the film's. */
  Picture picture() {
    List<Tap.Seen> in = Tap.of(film.toString()).video();
    List<Tap.Seen> seen = out.video();
    if (seen.isEmpty() || seen.size() > in.size()) {
      throw new IllegalStateException(
          "%d pictures seen of a film of %d".formatted(seen.size(), in.size()));
    }
    // What is seen begins with a keyframe: with the last one that leaves room for all the others.
    int before = in.size() - seen.size();
    while (before > 0 && !in.get(before).key()) {
      before--;
    }
    int lost = 0;
    List<Long> shifts = new ArrayList<>();
    List<Long> arrivals = new ArrayList<>();
    for (int n = 0; n < seen.size(); n++) {
      Tap.Seen was = in.get(before + n);
      Tap.Seen is = seen.get(n);
      // Servers write keyframes in other packets: parameter sets stand in front of the slices.
      boolean same = was.slicesSha256().equals(is.slicesSha256());
      lost += same && was.key() == is.key() ? 0 : 1;
      shifts.add(is.ptsUs() - was.ptsUs());
      arrivals.add(is.arrivalNanos() / 1000 - is.dtsUs());
    }
    shifts.sort(null);
    arrivals.sort(null);
    int last = shifts.size() - 1;
    return new Picture(
        before,
        in.size() - before - seen.size(),
        lost,
        shifts.get(last / 2),
        shifts.get(last) - shifts.get(0),
        arrivals.get(last) - arrivals.get(0));
  }

  /** Checks that no picture was lost between the first and the last one seen, and none was late. */
  void assertWhole(Picture picture) {
    assertThat(picture.lost()).as("pictures lost").isZero();
    assertThat(picture.spreadUs()).as("changes of the delay, by time stamps").isLessThan(FRAME_US);
    assertThat(picture.jitterUs())
        .as("changes of the delay, by the clock")
        .isLessThan(STALL_US + othersUs);
  }

  /** Listens to the slots, while the worker's metrics still tell of the stream. */
  SlotEar.Heard listen(SlotEar ear, Running running, Picture picture, int slots)
      throws IOException, InterruptedException {
    int skipped =
        Tap.of(film.toString()).sound().size()
            - (int) running.metric("worker_packets_received_total", id, "type=\"audio\"");
    return ear.listen(sound, picture.shiftUs(), skipped, slots);
  }

  /**
   * Checks that nothing of a film was lost or late and that each slot has its dub, the tone of its
   * number.
   *
   * @param slots what is to be heard
   */
  void assertUntouched(Running running, List<String> slots)
      throws IOException, InterruptedException {
    assertThat(status.path("state").asText()).isEqualTo("ENDED");
    Picture picture = picture();
    Report.measured(id + ": picture", picture);
    assertWhole(picture);
    SlotEar.Heard heard = listen(SlotEar.knowing(film), running, picture, slots.size());
    assertThat(heard.slots()).isEqualTo(slots);
  }
}
