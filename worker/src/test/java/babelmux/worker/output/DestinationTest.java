package babelmux.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.faultproxy.Direction;
import babelmux.faultproxy.FaultProxy;
import babelmux.media.MediaException;
import babelmux.media.Natives;
import babelmux.media.Packet;
import babelmux.media.Sink;
import babelmux.media.SinkOptions;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackFormat;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.OriginConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Timeout(60)
class DestinationTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final DestinationOptions OPTIONS =
      new DestinationOptions(
          new SinkOptions(Duration.ofSeconds(10), Duration.ofSeconds(15)),
          64L << 20,
          Duration.ofMinutes(1),
          Duration.ofMillis(200),
          Duration.ofMillis(100),
          DestinationOptions.PATIENT);

  @TempDir Path folder;
  private final AtomicLong dropped = new AtomicLong();
  private final Map<DestinationDrop, Long> reasons = new ConcurrentHashMap<>();
  private final AtomicLong again = new AtomicLong();
  private final DestinationListener counting =
      new DestinationListener() {
        @Override
        public void dropped(DestinationDrop reason, long packets) {
          dropped.addAndGet(packets);
          reasons.merge(reason, packets, Long::sum);
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

  private static void write(Destination destination, List<OutputPacket> packets) {
    packets.forEach(destination::write);
    destination.flush();
  }

  private void write(Destination destination, int from, int to) {
    write(destination, film.packets().subList(from, to));
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

  /** Two failures make it wait for 4 s more. */
  @Test
  void aServerThatIsSaidToAnswerIsTriedAtOnce() throws Exception {
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults());
        FaultProxy proxy = FaultProxy.to(origin.rtmpUrl())) {
      proxy.refuse(true);
      String url = proxy.url() + "/live/told/out";
      AtomicInteger tries = new AtomicInteger();
      SinkOpener counted =
          (formats, options, asked) -> {
            tries.incrementAndGet();
            return Sink.open(url, formats.video(), formats.audio(), options, asked);
          };
      try (Destination destination =
          new Destination("test", 0, new DestinationTarget(url, counted), OPTIONS, counting)) {
        destination.begin(film.formats());
        AtomicInteger next = new AtomicInteger();
        await()
            .atMost(LIMIT)
            .until(
                () -> {
                  int at = next.getAndIncrement() % film.packets().size();
                  write(destination, at, at + 1);
                  return tries.get() == 3 && isDown(destination);
                });
        proxy.refuse(false);
        long toldNanos = System.nanoTime();
        destination.serverAnswers();
        await().atMost(LIMIT).until(() -> !isDown(destination));
        write(destination, 0, 10);
        await().atMost(LIMIT).until(() -> destination.status().bytes() > 0);
        assertThat(System.nanoTime() - toldNanos).isLessThan(3_000_000_000L);
      }
    }
  }

  private static boolean isDown(Destination destination) {
    return destination.status().state() == DestinationState.DOWN;
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
      destination.flush();
      return System.nanoTime() - since;
    }
  }

  @Test
  void aServerThatTakesNothingCostsTheWriterNothingAndMemoryNoMoreThanTheQueue() throws Exception {
    DestinationOptions small =
        new DestinationOptions(
            OPTIONS.sink(),
            200_000,
            Duration.ofMinutes(1),
            OPTIONS.upAfter(),
            OPTIONS.linger(),
            OPTIONS.retry());
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults());
        FaultProxy proxy = FaultProxy.to(origin.rtmpUrl())) {
      String url = proxy.url() + "/live/full/out";
      long beganNanos;
      try (Destination destination = new Destination("test", 0, url, small, counting)) {
        destination.begin(film.formats());
        write(destination, film.packets().get(0), 0);
        await().atMost(LIMIT).until(() -> destination.status().bytes() > 0);
        proxy.stall(Direction.TO_SERVER, true);
        long mostNanos = 0;
        for (int round = 1; round <= 20; round++) {
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

  /** As MediaMTX hands them out; and one that no muxer takes. */
  @Test
  void timesThatAMuxerDislikesDoNotCostTheConnection() throws Exception {
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults())) {
      String url = origin.rtmpUrl() + "/live/times/out";
      try (Destination destination = new Destination("test", 0, url, OPTIONS, counting)) {
        destination.begin(film.formats());
        int number = 0;
        for (OutputPacket packet : film.packets()) {
          number++;
          boolean guessed = packet.ptsUs() - packet.dtsUs() < 1000;
          long dtsUs = guessed ? packet.ptsUs() + 1000 : packet.dtsUs();
          long backUs = number == 100 ? 2_000_000 : 0;
          try (OutputPacket odd =
              new OutputPacket(packet.packet().share(), packet.ptsUs() - backUs, dtsUs - backUs)) {
            destination.write(odd);
            destination.flush();
          }
        }
        destination.beginFinish();
        assertThat(destination.awaitFinish(LIMIT)).isTrue();
        DestinationStatus status = destination.status();
        assertThat(status.reconnects()).isZero();
        assertThat(status.dropped()).isOne();
      }
    }
    assertThat(reasons).containsExactly(Map.entry(DestinationDrop.MUXER_REFUSED, 1L));
  }

  @Test
  void anErrorInItsThreadShowsAndTheDestinationGoesOn() throws Exception {
    Path file = folder.resolve("out.flv");
    AtomicInteger openings = new AtomicInteger();
    try (Destination destination =
        new Destination(
            "test",
            0,
            new DestinationTarget(
                file.toString(),
                (formats, sink, asked) -> {
                  if (openings.getAndIncrement() == 0) {
                    throw new LinkageError("planted");
                  }
                  return Sink.open(file.toString(), formats.video(), formats.audio(), sink, asked);
                }),
            OPTIONS,
            counting)) {
      destination.begin(film.formats());
      write(destination, 0, 10);
      await().atMost(LIMIT).until(() -> destination.status().state() == DestinationState.DOWN);
      assertThat(destination.status().lastError()).contains("planted");
      await().atMost(LIMIT).until(() -> destination.status().state() != DestinationState.DOWN);
      write(destination, 10, film.packets().size());
      destination.beginFinish();
      assertThat(destination.awaitFinish(LIMIT)).isTrue();
      assertThat(destination.status().bytes()).isPositive();
    }
    assertThat(openings).hasValue(2);
  }

  /** Even when the way down itself fails: nothing is kept, and the state tells. */
  @Test
  void aThreadThatEndsFreesItsQueue() throws Exception {
    DestinationListener broken =
        new DestinationListener() {
          @Override
          public void dropped(DestinationDrop reason, long packets) {
            throw new AssertionError("planted");
          }
        };
    SinkOpening refusing = new SinkOpening();
    try (Destination destination = new Destination("test", 0, refusing.target(), OPTIONS, broken)) {
      destination.begin(film.formats());
      write(destination, 0, 10);
      refusing.mayFail.countDown();
      await().atMost(LIMIT).until(() -> destination.status().state() == DestinationState.CLOSED);
      write(destination, 10, 20);
    }
  }

  /** An opening that fails when it is told to, or when it is interrupted. */
  private static final class SinkOpening implements Sink.Opening.Line {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch mayFail = new CountDownLatch(1);

    @Override
    public void cut() {
      mayFail.countDown();
    }

    @Override
    public void close() {}

    DestinationTarget target() {
      return new DestinationTarget("rtmp://127.0.0.1:1/a/b", this::open);
    }

    private Sink open(OutputFormats formats, SinkOptions options, Sink.Opening asked)
        throws MediaException {
      asked.through(this);
      begun.countDown();
      try {
        mayFail.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new MediaException(MediaException.Kind.REFUSED, "refused");
    }
  }

  @Test
  void aFileIsNeverOverwritten() throws Exception {
    Path file = folder.resolve("out.flv");
    for (int session = 0; session < 3; session++) {
      try (Destination destination =
          new Destination("test", 0, file.toString(), OPTIONS, counting)) {
        destination.begin(film.formats());
        write(destination, 0, 100 * (session + 1));
        destination.beginFinish();
        assertThat(destination.awaitFinish(LIMIT)).isTrue();
      }
    }
    assertThat(count(file)).isEqualTo(100);
    assertThat(count(folder.resolve("out.1.flv"))).isEqualTo(200);
    assertThat(count(folder.resolve("out.2.flv"))).isEqualTo(300);
  }

  @Test
  void aFileThatCannotBeMadeLeavesNothingBehindAndSaysWhy() throws Exception {
    Path file = folder.resolve("none").resolve("out.mp4");
    try (Destination destination =
        new Destination("test", 0, "file://" + file, OPTIONS, counting)) {
      destination.begin(film.formats());
      write(destination, 0, 10);
      await().atMost(LIMIT).until(() -> destination.status().state() == DestinationState.DOWN);
      assertThat(destination.status().lastError()).contains("cannot make a file");
    }
  }

  private static final Path LARGE = Path.of("..", "fixtures", "encoders", "h264-25-no-b.flv");
  private static final Path SMALL = Path.of("..", "fixtures", "encoders", "h264-640x360.flv");

  /** The output's video goes on in another size; one connection, the headers in front of it. */
  @Test
  void aRunningConnectionGetsNewCodecHeaders() throws Exception {
    Path file = folder.resolve("out.flv");
    try (Film large = new Film(LARGE, 3_000_000);
        Film small = new Film(SMALL, 20_000_000)) {
      OutputFormats after = new OutputFormats(small.formats().video(), large.formats().audio());
      try (Destination destination =
          new Destination("test", 0, file.toString(), OPTIONS, counting)) {
        destination.begin(large.formats());
        write(destination, large.packets());
        destination.begin(after);
        write(destination, small.packets());
        destination.beginFinish();
        assertThat(destination.awaitFinish(LIMIT)).isTrue();
        assertThat(destination.status().reconnects()).isZero();
      }
      assertThat(dropped).hasValue(0);
      assertThat(count(file)).isEqualTo(large.packets().size() + small.packets().size());
      assertThat(occurrences(Files.readAllBytes(file), video(after).headers())).isOne();
    }
  }

  private static TrackFormat video(OutputFormats formats) {
    TrackFormat video = formats.video();
    assertThat(video).isNotNull();
    return video;
  }

  private static int occurrences(byte[] all, byte[] wanted) {
    int count = 0;
    for (int at = 0; at + wanted.length <= all.length; at++) {
      count += Arrays.equals(all, at, at + wanted.length, wanted, 0, wanted.length) ? 1 : 0;
    }
    return count;
  }

  /** An MP4 file holds one size: the video goes on in the next file. */
  @Test
  void anotherSizeIsAnotherMp4() throws Exception {
    Path file = folder.resolve("out.mp4");
    try (Film large = new Film(LARGE, 3_000_000);
        Film small = new Film(SMALL, 20_000_000)) {
      try (Destination destination =
          new Destination("test", 0, file.toString(), OPTIONS, counting)) {
        destination.begin(large.formats());
        write(destination, large.packets());
        destination.begin(small.formats());
        write(destination, small.packets());
        destination.beginFinish();
        assertThat(destination.awaitFinish(LIMIT)).isTrue();
      }
      assertThat(count(file)).isEqualTo(large.packets().size());
      assertThat(count(folder.resolve("out.1.mp4"))).isEqualTo(small.packets().size());
    }
  }

  /** What a destination connects with is what holds then, not what held at first. */
  @Test
  void aLaterConnectionGetsTheCurrentCodecHeaders() throws Exception {
    Path file = folder.resolve("out.flv");
    AtomicInteger openings = new AtomicInteger();
    List<Integer> widths = Collections.synchronizedList(new ArrayList<>());
    try (Film large = new Film(LARGE, 3_000_000);
        Film small = new Film(SMALL, 20_000_000)) {
      OutputFormats after = new OutputFormats(small.formats().video(), large.formats().audio());
      try (Destination destination =
          new Destination(
              "test",
              0,
              new DestinationTarget(
                  file.toString(),
                  (formats, sink, asked) -> {
                    widths.add(formats.video() == null ? 0 : formats.video().width());
                    if (openings.getAndIncrement() == 0) {
                      throw new MediaException(MediaException.Kind.IO, "planted");
                    }
                    return Sink.open(
                        file.toString(), formats.video(), formats.audio(), sink, asked);
                  }),
              OPTIONS,
              counting)) {
        destination.begin(large.formats());
        write(destination, large.packets().subList(0, 50));
        await().atMost(LIMIT).until(() -> destination.status().state() == DestinationState.DOWN);
        destination.begin(after);
        await().atMost(LIMIT).until(() -> destination.status().state() != DestinationState.DOWN);
        write(destination, small.packets());
        destination.beginFinish();
        assertThat(destination.awaitFinish(LIMIT)).isTrue();
      }
      assertThat(widths)
          .containsExactly(video(large.formats()).width(), video(small.formats()).width());
    }
  }

  /** As after kill -9: what is in the file at that moment is all that there is. */
  @Test
  void anMp4ThatNeverGetsItsEndCanBePlayedUpToItsLastTwoSeconds() throws Exception {
    Path file = folder.resolve("out.mp4");
    Path cut = folder.resolve("cut.mp4");
    DestinationTarget target = DestinationTarget.at(file.toString());
    long lastUs = film.packets().stream().mapToLong(OutputPacket::dtsUs).max().orElseThrow();
    long wanted = film.packets().stream().filter(next -> next.dtsUs() < lastUs - 2_000_000).count();
    try (Destination destination =
        new Destination("test", 0, target, DestinationOptions.ofFurther(target), counting)) {
      destination.begin(film.formats());
      // The queue holds 10 s.
      for (int from = 0, to = 0; from < film.packets().size(); from = to) {
        to = Math.min(from + 500, film.packets().size());
        write(destination, from, to);
        long written = bytes(0, to);
        await().atMost(LIMIT).until(() -> destination.status().bytes() == written);
      }
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> {
                Files.copy(file, cut, StandardCopyOption.REPLACE_EXISTING);
                assertThat((long) count(cut)).isGreaterThanOrEqualTo(wanted);
              });
    }
    assertThat(wanted).isGreaterThan(100);
  }

  @Test
  void whatIsQueuedAtTheEndIsCounted() throws Exception {
    SinkOpening hanging = new SinkOpening();
    try (Destination destination =
        new Destination("test", 0, hanging.target(), OPTIONS, counting)) {
      destination.begin(film.formats());
      write(destination, 0, 30);
      destination.beginFinish();
      hanging.begun.await();
      assertThat(destination.awaitFinish(Duration.ofMillis(1))).isFalse();
      assertThat(destination.status().dropped()).isEqualTo(30);
    }
    assertThat(reasons).containsExactly(Map.entry(DestinationDrop.CLOSED, 30L));
  }
}
