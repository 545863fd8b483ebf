package babelmux.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.faultproxy.Direction;
import babelmux.faultproxy.FaultProxy;
import babelmux.media.Natives;
import babelmux.media.SinkOptions;
import babelmux.origin.Credentials;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.OriginConfig;
import babelmux.worker.retry.Backoff;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a destination makes of a server that takes nothing, refuses, or is another stream's. */
@Tag("slow")
@Timeout(60)
class DestinationFaultsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration SLACK = Duration.ofSeconds(2);
  private static final long ROUND_US = 31_000_000;
  private static final Duration WRITE_LIMIT = Duration.ofSeconds(3);
  private static final DestinationOptions OPTIONS =
      new DestinationOptions(
          new SinkOptions(Duration.ofSeconds(10), WRITE_LIMIT),
          64L << 20,
          Duration.ofHours(1),
          Duration.ofSeconds(3),
          Duration.ofMillis(100),
          Backoff.doubling(Duration.ofMillis(100), Duration.ofSeconds(1)));

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private Film film;

  private final AtomicInteger rounds = new AtomicInteger();

  @BeforeEach
  void read() throws Exception {
    film = new Film();
  }

  @AfterEach
  void nothingLeaks() {
    film.close();
    await().atMost(LIMIT).untilAsserted(() -> assertThat(Natives.live()).isZero());
  }

  private Destination open(String url) {
    return new Destination("faults", 0, url, OPTIONS, new DestinationListener() {});
  }

  /** The whole film once more, at later times. */
  private void write(Destination destination) {
    long laterUs = rounds.getAndIncrement() * ROUND_US;
    for (OutputPacket packet : film.packets()) {
      try (OutputPacket later =
          new OutputPacket(
              packet.packet().share(), packet.ptsUs() + laterUs, packet.dtsUs() + laterUs)) {
        destination.write(later);
        destination.flush();
      }
    }
  }

  /** The system's own buffer would grow to 4 MB, and the loss be seen that much later. */
  @Test
  void aBlackHoleTakesAQuarterOfAMegabyteAndIsNoticedAtTheLimit() throws Exception {
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(OriginConfig.defaults());
        FaultProxy proxy = FaultProxy.to(origin.rtmpUrl());
        Destination destination = open(proxy.url() + "/live/hole/out")) {
      destination.begin(film.formats());
      film.packets().subList(0, 30).forEach(destination::write);
      destination.flush();
      await().atMost(LIMIT).until(() -> destination.status().bytes() > 0);
      proxy.stall(Direction.TO_SERVER, true);
      for (rounds.set(1); rounds.get() < 6; ) {
        write(destination);
      }
      AtomicLong bytes = new AtomicLong();
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(500))
          .until(() -> bytes.getAndSet(destination.status().bytes()) == bytes.get());
      long taken = bytes.get();
      // What the proxy's own socket has room for comes on top.
      assertThat(taken).isLessThan(1_500_000);
      long stuckNanos = System.nanoTime();
      await().atMost(LIMIT).until(() -> destination.status().state() == DestinationState.DOWN);
      assertThat(System.nanoTime() - stuckNanos).isLessThan(WRITE_LIMIT.plusSeconds(4).toNanos());
      assertThat(destination.status().lastError()).startsWith("network: ");
    }
  }

  @Test
  void aRefusedKeyIsToldFromADeadPortWithinFiveSeconds() throws Exception {
    OriginConfig guarded =
        OriginConfig.defaults().toBuilder()
            .publishCredentials(new Credentials("joe", "right"))
            .build();
    try (EmbeddedOrigin origin = EmbeddedOrigin.start(guarded)) {
      String key = "abcd-secret-key";
      String url = origin.rtmpUrl() + "/live/" + key + "?user=joe&pass=wrong-one";
      DestinationTarget target = DestinationTarget.withKey(url);
      try (Destination wrong =
              new Destination("faults", 0, target, OPTIONS, new DestinationListener() {});
          Destination dead = open("rtmp://127.0.0.1:1/live/dead")) {
        long since = System.nanoTime();
        for (Destination destination : new Destination[] {wrong, dead}) {
          destination.begin(film.formats());
          write(destination);
        }
        await().atMost(LIMIT).until(() -> wrong.status().lastError() != null);
        await().atMost(LIMIT).until(() -> dead.status().lastError() != null);
        assertThat(Duration.ofNanos(System.nanoTime() - since))
            .isLessThan(Duration.ofSeconds(5).plus(SLACK));
        assertThat(wrong.status().lastError())
            .startsWith("refused: ")
            .doesNotContain(key)
            .doesNotContain("wrong-one");
        assertThat(dead.status().lastError()).startsWith("network: ");
      }
    }
  }

  /** Somebody else's turn, for as long as a test wants. */
  private static final class HeldTurn implements Turn {
    final CompletableFuture<Void> granted = new CompletableFuture<>();
    final AtomicBoolean over = new AtomicBoolean();

    @Override
    public CompletableFuture<Void> granted() {
      return granted;
    }

    @Override
    public @Nullable String holder() {
      return granted.isDone() ? null : "stage";
    }

    @Override
    public void close() {
      over.set(true);
    }
  }

  @Test
  void itWaitsForItsTurnAndBeginsAtAKeyframe() throws Exception {
    Path file = folder.resolve("out.flv");
    HeldTurn turn = new HeldTurn();
    try (Destination destination = open(file.toString())) {
      destination.awaitTurn(turn);
      destination.begin(film.formats());
      int middle = film.packets().size() / 2;
      film.packets().subList(0, middle).forEach(destination::write);
      destination.flush();
      assertThat(destination.status().state()).isEqualTo(DestinationState.WAITING);
      assertThat(destination.status().lastError()).isEqualTo("in use by stage");
      assertThat(destination.status().queueUs()).isZero();
      turn.granted.complete(null);
      film.packets().subList(middle, film.packets().size()).forEach(destination::write);
      destination.flush();
      destination.beginFinish();
      assertThat(destination.awaitFinish(LIMIT)).isTrue();
      assertThat(destination.status().lastError()).isNull();
      assertThat(turn.over).isTrue();
    }
    try (Film written = new Film(file, 0)) {
      OutputPacket first = written.packets().get(0);
      assertThat(first.packet().key()).isTrue();
      OutputPacket keyframe =
          film.packets().subList(film.packets().size() / 2, film.packets().size()).stream()
              .filter(packet -> new QueuedPacket(packet, film.formats()).startsGroup())
              .findFirst()
              .orElseThrow();
      assertThat(first.packet().size()).isEqualTo(keyframe.packet().size());
    }
  }

  /** One that is told to end while it waits ends. */
  @Test
  void whoWaitsForItsTurnCanBeEnded() throws Exception {
    HeldTurn turn = new HeldTurn();
    try (Destination destination = open(folder.resolve("out.flv").toString())) {
      destination.awaitTurn(turn);
      destination.begin(film.formats());
      write(destination);
      destination.beginFinish();
      assertThat(destination.awaitFinish(LIMIT)).isTrue();
      assertThat(turn.over).isTrue();
    }
    assertThat(folder.resolve("out.flv")).doesNotExist();
  }
}
