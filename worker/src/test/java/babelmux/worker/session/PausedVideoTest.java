package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackKind;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.OriginConfig;
import babelmux.worker.output.Destination;
import babelmux.worker.output.DestinationListener;
import babelmux.worker.output.DestinationOptions;
import babelmux.worker.output.DestinationStatus;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.sound.SoundOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stream of video alone that pauses, from the source's connection to the output's. */
@Tag("slow")
class PausedVideoTest {
  private static final Path FILM = Path.of("..", "fixtures", "30s-counting-english.mp4");
  private static final Duration PAUSE = Duration.ofSeconds(15);
  private static final long START_US = 3_000_000;
  private static final long BEFORE_US = 4_000_000;
  private static final long AFTER_US = 4_000_000;

  private static final SessionOptions OPTIONS =
      new SessionOptions(
          Duration.ofSeconds(2),
          Duration.ofSeconds(6),
          Duration.ofSeconds(20),
          Duration.ofSeconds(5),
          SessionOptions.LIVE_START);

  /** Nothing is dubbed. */
  private static final DubSpec NO_DUB =
      new DubSpec("es", SoundOptions.DEFAULT, 128_000, true, shape -> null, new DubListener() {});

  private final AtomicLong losses = new AtomicLong();
  private final AtomicLong found = new AtomicLong();

  private final SessionListener listener =
      new SessionListener() {
        @Override
        public void sourceFound(boolean again) {
          found.incrementAndGet();
        }

        @Override
        public void sourceLost(String reason) {
          losses.incrementAndGet();
        }
      };

  private static Destination destination(String id, String url) {
    return new Destination(id, 0, url, DestinationOptions.defaults(), new DestinationListener() {});
  }

  @Test
  @Timeout(90)
  void theOutputGoesOnOnTheSameConnection() throws Exception {
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults());
        Source film = Source.open(FILM.toString(), SourceOptions.defaults());
        Destination publisher = destination("publisher", origin.rtmpUrl() + "/live/p/in")) {
      publisher.begin(new OutputFormats(film.video(), null));
      long sinceNanos = System.nanoTime();
      // Available at once, because its times begin at 3 s.
      play(film, publisher, 500_000, sinceNanos, 0);
      Destination out = destination("p", origin.rtmpUrl() + "/live/p/out");
      Session session =
          new Session(
              "p",
              SourceLocator.at(origin.rtmpUrl() + "/live/p/in"),
              List.of(new SessionOutput(NO_DUB.name(), List.of(out))),
              OPTIONS,
              Runnable::run,
              List.of(NO_DUB),
              listener);
      session.start();
      play(film, publisher, BEFORE_US, sinceNanos, 0);
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      long bytesBefore = out.status().bytes();
      assertThat(bytesBefore).isPositive();
      play(film, publisher, BEFORE_US + AFTER_US, sinceNanos, PAUSE.toNanos() / 1000);
      assertThat(publisher.status().reconnects()).isZero();
      publisher.beginFinish();
      assertThat(publisher.awaitFinish(Duration.ofSeconds(5))).isTrue();
      session.drain();
      session.over().get(20, TimeUnit.SECONDS);

      DestinationStatus status = out.status();
      assertThat(found).as("the pause is longer than the stall limit").hasValueGreaterThan(1);
      assertThat(status.bytes()).isGreaterThan(bytesBefore);
      assertThat(status.reconnects()).isZero();
      assertThat(status.dropped()).isZero();
      assertThat(status.lastError()).isNull();
    }
  }

  /** Publishes the video of the film up to one of its times, at its pace. */
  private static void play(Source film, Destination to, long untilUs, long sinceNanos, long laterUs)
      throws Exception {
    for (Packet next = film.read(); next != null; next = film.read()) {
      try (OutputPacket packet =
          new OutputPacket(
              next, next.ptsUs() + START_US + laterUs, next.dtsUs() + START_US + laterUs)) {
        long waitNanos = sinceNanos + (next.dtsUs() + laterUs) * 1000 - System.nanoTime();
        if (waitNanos > 0) {
          TimeUnit.NANOSECONDS.sleep(waitNanos);
        }
        if (next.kind() == TrackKind.VIDEO) {
          to.write(packet);
          to.flush();
        }
        if (next.dtsUs() >= untilUs) {
          return;
        }
      }
    }
  }
}
