package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Natives;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackKind;
import babelmux.worker.sound.SoundOptions;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

class SourceReaderTest {
  private static final Path FILM = Path.of("..", "fixtures", "30s-counting-english.mp4");

  private final AtomicInteger tries = new AtomicInteger();
  private final Map<DropReason, Long> drops = new ConcurrentHashMap<>();
  private final AtomicReference<Runnable> onLoss = new AtomicReference<>(() -> {});

  /** A reader of a port on which nothing listens. */
  private SourceReader reader(Duration grace) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    SessionListener listener =
        new SessionListener() {
          @Override
          public void dropped(DropReason reason, long packets) {
            drops.merge(reason, packets, Long::sum);
          }

          @Override
          public void sourceLost(String reason) {
            tries.incrementAndGet();
            onLoss.getAndSet(() -> {}).run();
          }
        };
    SessionOptions options =
        new SessionOptions(
            Duration.ofSeconds(8),
            Duration.ofSeconds(6),
            grace,
            Duration.ofSeconds(5),
            128_000,
            SoundOptions.DEFAULT,
            SessionOptions.LIVE_START);
    Intake intake = new Intake(listener, 0);
    Dubbing dubbing =
        new Dubbing(listener, Runnable::run, shape -> null, start -> 0, SoundOptions.DEFAULT);
    return new SourceReader(
        "rtmp://127.0.0.1:" + port + "/live/a/in",
        options,
        intake,
        new DelayLine(1, 1, listener),
        new SoundCutter(intake, dubbing, options.segment(), false),
        listener,
        new CompletableFuture<>());
  }

  @Test
  @Timeout(60)
  void aReadyDuringTheLastTryOfTheGraceIsTried() throws Exception {
    SourceReader reader = reader(Duration.ZERO);
    onLoss.set(() -> assertThat(reader.sourceAvailable()).isTrue());
    reader.run();
    assertThat(tries).hasValue(2);
  }

  @Test
  @Timeout(60)
  void aReadyBehindTheLastTryIsForAnotherSession() throws Exception {
    SourceReader reader = reader(Duration.ZERO);
    reader.run();
    assertThat(tries).hasValue(1);
    assertThat(reader.sourceAvailable()).isFalse();
  }

  @Test
  @Timeout(60)
  void aSourceThatWasNeverThereHasFiveSecondsWhateverTheGraceIs() throws Exception {
    SourceReader reader = reader(Duration.ofMinutes(10));
    reader.run();
    // At 0, 1, 3 and 5 s; fewer on a machine that is slow.
    assertThat(tries.get()).isBetween(2, 4);
  }

  @Test
  @Timeout(60)
  void triesThatMustFailBecauseNobodyPublishesAreNoNews() throws Exception {
    assertThat(infoLines(reader(Duration.ofMillis(1500)))).isNotEmpty();
    SourceReader gone = reader(Duration.ofMillis(1500));
    gone.sourceGone();
    assertThat(infoLines(gone)).isEmpty();
    assertThat(tries.get()).isGreaterThan(2);
  }

  @Test
  @Timeout(60)
  void aPacketWhoseFormatIsNotKnownIsCountedAndFreed() throws Exception {
    SourceReader reader = reader(Duration.ZERO);
    int videos = 0;
    int sounds = 0;
    try (Source film = Source.open(FILM.toString(), SourceOptions.defaults())) {
      for (int i = 0; i < 20; i++) {
        Packet packet = Objects.requireNonNull(film.read());
        boolean isVideo = packet.kind() == TrackKind.VIDEO;
        videos += isVideo ? 1 : 0;
        sounds += isVideo ? 0 : 1;
        reader.accept(packet, null, null);
      }
    }
    assertThat(videos).isPositive();
    assertThat(drops)
        .containsOnly(
            Map.entry(DropReason.BEFORE_KEYFRAME, (long) videos),
            Map.entry(DropReason.SOUND_UNDECODABLE, (long) sounds));
    assertThat(Natives.live()).isZero();
  }

  private static List<String> infoLines(SourceReader reader) {
    Logger logger = (Logger) LoggerFactory.getLogger(SourceReader.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Level level = logger.getLevel();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
    try {
      reader.run();
    } finally {
      logger.detachAppender(lines);
      logger.setLevel(level);
    }
    return lines.list.stream()
        .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}
