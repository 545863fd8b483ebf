package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.Web;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A source returns while the last packets of its old session leave: it is read at once, and the two
 * outputs follow each other on one path.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class ReturnIT {
  private static final String ID = "returns";
  private static final String OUT = "live/" + ID + "/out";

  /** Pictures of the second film that a viewer may miss who joins when the path is listed. */
  private static final int JOINING = 75;

  private final ExecutorService pool = Executors.newCachedThreadPool();

  @Test
  @Timeout(180)
  void theOldSessionsLastPacketIsFollowedByTheNewOnesFirst() throws Exception {
    Path folder = Films.folder(ReturnIT.class);
    Path first = Films.cut(Films.noBframes(), folder.resolve("first.mp4"), 6);
    Path second = Films.cut(Films.noBframes(), folder.resolve("second.mp4"), 14);
    try (Running running = Running.start(StsEchoConfig.builder(), Map.of("source.grace", "0s"))) {
      AtomicBoolean over = new AtomicBoolean();
      CompletableFuture<Integer> publishers =
          CompletableFuture.supplyAsync(() -> mostPublishers(running, over), pool);
      CompletableFuture<Tap> before = Tap.start(running, OUT, pool);
      try (MediaTask publisher = running.publish(ID, first)) {
        assertThat(publisher.await(Duration.ofSeconds(60))).isTrue();
      }
      try (MediaTask publisher = running.publish(ID, second)) {
        Running.await("two sessions", Duration.ofSeconds(20), () -> states(running).size() == 2);
        assertThat(states(running)).contains("DRAINING");
        Tap old = before.get(60, TimeUnit.SECONDS);
        Tap next = Tap.start(running, OUT, pool).get(90, TimeUnit.SECONDS);
        JsonNode status = running.awaitOver(ID);
        over.set(true);

        assertThat(status.path("state").asText()).isEqualTo("ENDED");
        assertThat(status.at("/destinations/0/reconnects").asInt()).isZero();
        assertThat(publishers.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        List<String> one = pictures(Tap.of(first.toString()));
        List<String> two = pictures(Tap.of(second.toString()));
        assertThat(pictures(old)).endsWith(one.get(one.size() - 1));
        assertThat(pictures(next)).endsWith(two.get(two.size() - 1));
        assertThat(two.indexOf(pictures(next).get(0))).isBetween(0, JOINING);
        assertThat(publisher.said()).isEmpty();
        Tap.Seen last = old.packets().get(old.packets().size() - 1);
        long gapNanos = next.packets().get(0).arrivalNanos() - last.arrivalNanos();
        Report.measured("return while draining: a viewer's gap (ms)", gapNanos / 1_000_000);
        // The old connection stays for 0.7 s behind its last packet, and nobody replaces it.
        assertThat(gapNanos).isGreaterThan(500_000_000L);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static List<String> pictures(Tap tap) {
    return tap.video().stream().map(Tap.Seen::slicesSha256).toList();
  }

  private static Set<String> states(Running running) throws InterruptedException {
    Set<String> states = new HashSet<>();
    running.streams().path("streams").forEach(stream -> states.add(stream.path("state").asText()));
    return states;
  }

  /** The largest number of connections that published to the output at one moment. */
  private static int mostPublishers(Running running, AtomicBoolean over) {
    int most = 0;
    try {
      while (!over.get()) {
        int now = 0;
        String url = running.stack().server().apiUrl() + "/v3/rtmpconns/list";
        for (JsonNode connection : Web.json(url).path("items")) {
          boolean publishes = connection.path("state").asText().equals("publish");
          now += publishes && connection.path("path").asText().equals(OUT) ? 1 : 0;
        }
        most = Math.max(most, now);
        Thread.sleep(20); // the interval at which it is looked
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return most;
  }
}
