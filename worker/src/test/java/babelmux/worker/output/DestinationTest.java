package babelmux.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.media.MediaException;
import babelmux.media.Natives;
import babelmux.media.Packet;
import babelmux.media.SinkOptions;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.OriginConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DestinationTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final DestinationOptions OPTIONS =
      new DestinationOptions(
          new SinkOptions(Duration.ofSeconds(10), Duration.ofSeconds(15)),
          64L << 20,
          Duration.ofMinutes(1),
          Duration.ofMillis(200),
          Duration.ofMillis(100));

  @TempDir Path folder;
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong again = new AtomicLong();
  private final DestinationListener counting =
      new DestinationListener() {
        @Override
        public void dropped(long packets) {
          dropped.addAndGet(packets);
        }

        @Override
        public void connectedAgain() {
          again.incrementAndGet();
        }
      };

  @SuppressWarnings("NullAway.Init") // before each test
  private Film film;

  @BeforeEach
  void read() throws Exception {
    film = new Film();
  }

  @AfterEach
  void nothingLeaks() {
    film.close();
    await().atMost(LIMIT).untilAsserted(() -> assertThat(Natives.live()).isZero());
  }

  private void write(Destination destination, int from, int to) {
    film.packets().subList(from, to).forEach(destination::write);
  }

  @Test
  void everythingQueuedIsWrittenBeforeTheEnd() throws Exception {
    Path file = folder.resolve("out.flv");
    try (Destination destination = new Destination("test", 0, file.toString(), OPTIONS, counting)) {
      assertThat(destination.status().state()).isEqualTo(DestinationState.IDLE);
      destination.begin(film.formats());
      write(destination, 0, film.packets().size());
      destination.beginFinish();
      assertThat(destination.awaitFinish(LIMIT)).isTrue();
      DestinationStatus status = destination.status();
      assertThat(status.state()).isEqualTo(DestinationState.CLOSED);
      assertThat(status.bytes())
          .isEqualTo(film.packets().stream().mapToLong(packet -> packet.packet().size()).sum());
      assertThat(status.lastError()).isNull();
    }
    assertThat(dropped).hasValue(0);
    assertThat(count(file)).isEqualTo(film.packets().size());
  }

  private static int count(Path file) throws MediaException, InterruptedException {
    int count = 0;
    try (Source source = Source.open(file.toString(), SourceOptions.defaults())) {
      for (Packet next = source.read(); next != null; next = source.read()) {
        next.close();
        count++;
      }
    }
    return count;
  }

  @Test
  void aServerThatWasGoneIsFoundAgain() throws Exception {
    int third = film.packets().size() / 3;
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults())) {
      String url = origin.rtmpUrl() + "/live/again/out";
      try (Destination destination = new Destination("test", 0, url, OPTIONS, counting)) {
        destination.begin(film.formats());
        write(destination, 0, third);
        await().atMost(LIMIT).until(() -> destination.status().bytes() == bytes(0, third));
        origin.kill();
        // The first packets after the loss may still fit into the socket.
        AtomicInteger next = new AtomicInteger(third);
        await()
            .atMost(LIMIT)
            .until(
                () -> {
                  int at = next.getAndIncrement();
                  write(destination, at, at + 1);
                  return destination.status().state() == DestinationState.DOWN;
                });
        assertThat(destination.status().lastError()).isNotBlank();
        int lost = next.get();
        write(destination, lost, 2 * third);
        assertThat(dropped.get()).isGreaterThanOrEqualTo(2L * third - lost);
        origin.restart();
        await().atMost(LIMIT).until(() -> destination.status().state() != DestinationState.DOWN);
        write(destination, 2 * third, film.packets().size());
        destination.beginFinish();
        assertThat(destination.awaitFinish(LIMIT)).isTrue();
        DestinationStatus status = destination.status();
        assertThat(status.reconnects()).isEqualTo(1);
        assertThat(status.dropped()).isEqualTo(dropped.get());
        assertThat(status.bytes()).isGreaterThan(bytes(0, third));
        assertThat(again).hasValue(1);
      }
    }
  }

  private long bytes(int from, int to) {
    return film.packets().subList(from, to).stream()
        .mapToLong(packet -> packet.packet().size())
        .sum();
  }

  /** Writes a packet at a later time; the nanoseconds that it took. */
  private static long write(Destination destination, OutputPacket packet, long laterUs) {
    try (OutputPacket later =
        new OutputPacket(
            packet.packet().share(), packet.ptsUs() + laterUs, packet.dtsUs() + laterUs)) {
      long since = System.nanoTime();
      destination.write(later);
      return System.nanoTime() - since;
    }
  }

  @Test
  void aServerThatTakesNothingCostsTheWriterNothingAndMemoryNoMoreThanTheQueue() throws Exception {
    DestinationOptions small =
        new DestinationOptions(
            OPTIONS.sink(), 200_000, Duration.ofMinutes(1), OPTIONS.upAfter(), OPTIONS.linger());
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults())) {
      origin.faults().stallPublisher("live/full/out", true);
      String url = origin.rtmpUrl() + "/live/full/out";
      long beganNanos;
      try (Destination destination = new Destination("test", 0, url, small, counting)) {
        destination.begin(film.formats());
        long mostNanos = 0;
        for (int round = 0; round < 20; round++) {
          for (OutputPacket packet : film.packets()) {
            mostNanos = Math.max(mostNanos, write(destination, packet, round * 31_000_000L));
          }
        }
        assertThat(destination.status().dropped()).isPositive().isEqualTo(dropped.get());
        assertThat(mostNanos).isLessThan(1_000_000_000L);
        beganNanos = System.nanoTime();
      }
      assertThat(System.nanoTime() - beganNanos).isLessThan(8_000_000_000L);
    }
  }
}
