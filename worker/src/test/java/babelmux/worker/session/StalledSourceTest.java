package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.faultproxy.Direction;
import babelmux.faultproxy.FaultProxy;
import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackKind;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.OriginConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import babelmux.worker.output.Destination;
import babelmux.worker.output.DestinationListener;
import babelmux.worker.output.DestinationOptions;
import babelmux.worker.sound.SoundOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The connection to the source stands, and no bytes come: for less than the stall limit, for less
 * than the grace, for longer. With a delay of 3 s, a stall limit of 2 s and a grace of 5 s.
 */
@Tag("slow")
class StalledSourceTest {
  private static final Path FILM = Path.of("..", "fixtures", "30s-44100-no-bframes.mp4");

  private static final SessionOptions OPTIONS =
      new SessionOptions(
          Duration.ofSeconds(3),
          Duration.ofSeconds(6),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          SessionOptions.LIVE_START);

  /** Nothing is dubbed. */
  private static final DubSpec NO_DUB =
      new DubSpec("es", SoundOptions.DEFAULT, 128_000, true, shape -> null, new DubListener() {});

  private final List<String> losses = new CopyOnWriteArrayList<>();
  private final List<Boolean> found = new CopyOnWriteArrayList<>();
  private final List<Long> pictures = new CopyOnWriteArrayList<>();

  private final SessionListener listener =
      new SessionListener() {
        @Override
        public void sourceFound(boolean again) {
          found.add(again);
        }

        @Override
        public void sourceLost(String reason) {
          losses.add(reason);
        }
      };

  private static void await(String what, BooleanSupplier condition) {
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(condition::getAsBoolean);
  }

  /** Notes the times of the pictures that a viewer sees, to the end of the output. */
  private Thread watch(String url) {
    Thread viewer =
        new Thread(
            () -> {
              try (Source source = Source.open(url, SourceOptions.defaults())) {
                for (Packet next = source.read(); next != null; next = source.read()) {
                  try (Packet packet = next) {
                    if (packet.kind() == TrackKind.VIDEO) {
                      pictures.add(packet.ptsUs());
                    }
                  }
                }
              } catch (MediaException e) {
                // The end of the path.
                assertThat(pictures).isNotEmpty();
              }
            },
            "viewer");
    viewer.start();
    return viewer;
  }

  /** The largest distance of two pictures from a picture on. */
  private long largestStepUs(int from) {
    long largest = 0;
    for (int n = Math.max(1, from); n < pictures.size(); n++) {
      assertThat(pictures.get(n)).isGreaterThan(pictures.get(n - 1));
      largest = Math.max(largest, pictures.get(n) - pictures.get(n - 1));
    }
    return largest;
  }

  @Test
  @Timeout(120)
  void theWatchdogConnectsAgainAndTheGraceEndsIt() throws Exception {
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults());
        FaultProxy proxy = FaultProxy.to(origin.rtmpUrl());
        MediaTask publisher =
            StreamPublisher.loop(
                FILM, origin.rtmpUrl() + "/live/s/in", 3, Duration.ofSeconds(60))) {
      String outUrl = origin.rtmpUrl() + "/live/s/out";
      Destination out =
          new Destination(
              "s", 0, outUrl, DestinationOptions.defaults(), new DestinationListener() {});
      Session session =
          new Session(
              "s",
              SourceLocator.at(proxy.url() + "/live/s/in"),
              List.of(new SessionOutput(NO_DUB.name(), List.of(out))),
              OPTIONS,
              Runnable::run,
              List.of(NO_DUB),
              listener);
      session.start();
      await("the output", () -> out.status().bytes() > 100_000);
      Thread viewer = watch(outUrl);
      await("a viewer", () -> pictures.size() > 10);
      // The first try may have come before the publisher.
      losses.clear();

      stall(proxy, 1_000);
      int afterFirst = pictures.size();
      await("what came after the first stall", () -> pictures.size() > afterFirst + 6 * 30);
      assertThat(losses).isEmpty();
      assertThat(largestStepUs(1)).as("nothing is missing").isLessThan(50_000);

      proxy.stall(Direction.TO_CLIENT, true);
      await("the watchdog", () -> !losses.isEmpty());
      TimeUnit.MILLISECONDS.sleep(1_500);
      proxy.stall(Direction.TO_CLIENT, false);
      await("the source again", () -> found.size() == 2);
      int afterSecond = pictures.size();
      await("what came after the second stall", () -> pictures.size() > afterSecond + 4 * 30);
      assertThat(losses.get(0)).contains("no progress within the limit");
      assertThat(found).containsExactly(false, true);
      assertThat(largestStepUs(1)).isBetween(1_000_000L, 6_000_000L);
      assertThat(out.status().reconnects()).isZero();

      proxy.stall(Direction.TO_CLIENT, true);
      session.over().get(30, TimeUnit.SECONDS);
      viewer.join(10_000);
      assertThat(viewer.isAlive()).as("the output is closed").isFalse();
      assertThat(out.status().reconnects()).isZero();
      assertThat(out.status().lastError()).isNull();
      assertThat(found).hasSize(2);
      assertThat(publisher.said()).isEmpty();
    }
  }

  private static void stall(FaultProxy proxy, long millis) throws InterruptedException {
    proxy.stall(Direction.TO_CLIENT, true);
    TimeUnit.MILLISECONDS.sleep(millis);
    proxy.stall(Direction.TO_CLIENT, false);
  }
}
