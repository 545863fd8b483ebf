package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.hooks.Direction;
import babelmux.hooks.SourceEvent;
import babelmux.worker.config.ConfigLoader;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.metrics.WorkerMetrics;
import babelmux.worker.session.SessionFailure;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SessionFactoryTest {
  private static final SourceEvent EVENT =
      new SourceEvent("live/broken/in", "broken", Direction.IN, "rtmpConn", "1", "", "test");

  @Test
  void aStreamThatFailsBeforeItHasBegunNeverBegins() {
    WorkerConfig config = ConfigLoader.load(Map.of(), Map.of(), null).config();
    List<Runnable> later = new ArrayList<>();
    try (WorkerMetrics metrics =
        new WorkerMetrics("test", Duration.ofMinutes(15), System::nanoTime)) {
      AtomicInteger over = new AtomicInteger();
      StreamHandle stream =
          new SessionFactory(
                  config,
                  metrics,
                  null,
                  null,
                  new LatenessWatch(System::nanoTime),
                  Runnable::run,
                  later::add,
                  Clock.systemUTC())
              .start(EVENT, null, CompletableFuture.completedFuture(null), over::incrementAndGet);
      assertThat(stream.hasRead()).isFalse();
      stream.fail(new SessionFailure(true, "evicted"));

      assertThat(stream.status().state()).isEqualTo(StreamState.FAILED);
      assertThat(stream.status().reason())
          .isEqualTo(new StreamStatus.Reason(Blame.SOURCE, "evicted", true));
      assertThat(stream.isLeaving()).isTrue();
      assertThat(stream.over()).isDone();
      assertThat(over).hasValue(1);
      later.forEach(Runnable::run);
      assertThat(over).hasValue(1);
      assertThat(metrics.scrape()).contains("worker_streams_started_total 0.0");
    }
  }

  private static WorkerConfig reading(ServerSocket server) throws Exception {
    server.setSoTimeout(20_000);
    String url = "rtmp://127.0.0.1:" + server.getLocalPort();
    return ConfigLoader.load(Map.of("mediamtx.rtmp-url", url), Map.of(), null).config();
  }

  @Test
  @Timeout(60)
  void aSourceIsReadAgainWithTheCredentialsOfThatMoment() throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (WorkerMetrics metrics =
            new WorkerMetrics("test", Duration.ofMinutes(15), System::nanoTime);
        ServerSocket first = new ServerSocket(0, 50, here);
        ServerSocket second = new ServerSocket(0, 50, here)) {
      SessionFactory factory =
          new SessionFactory(
              reading(first),
              metrics,
              null,
              null,
              new LatenessWatch(System::nanoTime),
              Runnable::run,
              Runnable::run,
              Clock.systemUTC());
      StreamHandle stream =
          factory.start(EVENT, null, CompletableFuture.completedFuture(null), () -> {});
      try {
        try (Socket before = first.accept()) {
          assertThat(before.isConnected()).isTrue();
          factory.use(reading(second));
        }
        second.accept().close();
      } finally {
        stream.stop();
        stream.over().get(20, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void aStreamThatCannotBeMadeLeavesNothingOpen() {
    WorkerConfig config = ConfigLoader.load(Map.of(), Map.of(), null).config();
    CompletableFuture<Void> broken =
        new CompletableFuture<>() {
          @Override
          public CompletableFuture<Void> whenComplete(
              BiConsumer<? super Void, ? super Throwable> action) {
            throw new NoClassDefFoundError("no/such/Part");
          }
        };
    try (WorkerMetrics metrics =
        new WorkerMetrics("test", Duration.ofMinutes(15), System::nanoTime)) {
      AtomicInteger over = new AtomicInteger();
      StreamHandle stream =
          new SessionFactory(
                  config,
                  metrics,
                  null,
                  null,
                  new LatenessWatch(System::nanoTime),
                  Runnable::run,
                  Runnable::run,
                  Clock.systemUTC())
              .start(EVENT, null, broken, over::incrementAndGet);

      assertThat(stream.status().state()).isEqualTo(StreamState.FAILED);
      assertThat(stream.isLeaving()).isTrue();
      assertThat(stream.over()).isDone();
      assertThat(stream.outputOver()).isDone();
      assertThat(over).hasValue(1);
      assertThat(metrics.scrape()).contains("worker_streams 0.0");
      assertThat(Thread.getAllStackTraces().keySet())
          .noneMatch(thread -> thread.getName().startsWith("sink-broken"));
    }
  }
}
