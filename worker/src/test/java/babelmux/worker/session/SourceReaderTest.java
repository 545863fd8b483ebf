package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Natives;
import babelmux.media.SourceAddress;
import babelmux.worker.sound.SoundOptions;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Tag("slow")
class SourceReaderTest {
  private static final String CLIP =
      Path.of("..", "fixtures", "encoders", "h264-25-no-b.flv").toString();

  private final AtomicInteger tries = new AtomicInteger();
  private final AtomicReference<Runnable> onLoss = new AtomicReference<>(() -> {});

  private final List<Pipeline> pipelines = new ArrayList<>();
  private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();

  @AfterEach
  void nothingLeaks() {
    pipelines.forEach(pipeline -> pipeline.close(false));
    assertThat(Natives.live()).isZero();
  }

  /** A reader of a port on which nothing listens. */
  private SourceReader reader(Duration grace) throws Exception {
    return reader(nobody(), grace, SessionOptions.HOOK_LIMIT);
  }

  private static SourceLocator nobody() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return SourceLocator.at("rtmp://127.0.0.1:" + free.getLocalPort() + "/live/a/in");
    }
  }

  private SourceReader reader(SourceLocator locator, Duration grace, Duration firstOpen) {
    SessionListener listener =
        new SessionListener() {
          @Override
          public void sourceLost(String reason) {
            tries.incrementAndGet();
            onLoss.getAndSet(() -> {}).run();
          }

          @Override
          public void warning(StreamWarning warning, @Nullable String text) {
            if (warning == StreamWarning.NO_SOURCE) {
              warnings.add(text == null ? "over" : text);
            }
          }
        };
    SessionOptions options =
        new SessionOptions(
            Duration.ofSeconds(8),
            Duration.ofSeconds(6),
            grace,
            firstOpen,
            Duration.ofSeconds(5),
            SessionOptions.LIVE_START,
            false);
    LiveTiming timing = new LiveTiming(options, System::nanoTime, listener);
    DubSpec dub =
        new DubSpec("es", SoundOptions.DEFAULT, 128_000, true, shape -> null, new DubListener() {});
    Pipeline pipeline =
        new Pipeline(
            Session.pipelineOptions(options),
            timing,
            List.of(dub),
            List.of(),
            Runnable::run,
            listener);
    pipelines.add(pipeline);
    return new SourceReader(
        locator, options, pipeline, timing, listener, new ReadGather(0), System::nanoTime);
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
  void aSourceThatIsWaitedForWithoutEndIsToldUntilItIsRead() throws Exception {
    SourceLocator nobody = nobody();
    AtomicBoolean there = new AtomicBoolean();
    SourceLocator later = () -> there.get() ? SourceAddress.of(CLIP) : nobody.locate();
    SourceReader reader = reader(later, Duration.ZERO, SessionOptions.FOREVER);
    Thread thread = new Thread(reader);
    thread.start();
    String first = warnings.take();
    assertThat(first).contains("has not been read since the stream was started", "127.0.0.1");
    assertThat(warnings.take()).as("the second try").isEqualTo(first);
    there.set(true);
    assertThat(warnings.take()).isEqualTo("over");
    reader.end();
    thread.join();
    assertThat(warnings).isEmpty();
  }

  @Test
  @Timeout(60)
  void aLookUpThatTakesLongEndsWithTheReader() throws Exception {
    CountDownLatch looking = new CountDownLatch(1);
    SourceLocator slow =
        () -> {
          looking.countDown();
          TimeUnit.MINUTES.sleep(10);
          throw new IllegalStateException("nobody waits that long");
        };
    SourceReader reader = reader(slow, Duration.ofSeconds(20), SessionOptions.FOREVER);
    Thread thread = new Thread(reader);
    thread.start();
    looking.await();
    reader.end();
    thread.join();
    assertThat(tries).as("an end is no loss").hasValue(0);
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
