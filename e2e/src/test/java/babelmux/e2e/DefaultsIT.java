package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.stsecho.StsEchoConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A source that is away for a minute, in real time and at the defaults: a delay of 14.5 s, a grace
 * of 20 s. No part of the build, where the same is shown in virtual time: {@code -De2e.long=true}
 * runs it.
 */
@EnabledIfSystemProperty(named = "e2e.long", matches = "true")
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class DefaultsIT {
  private static final long DELAY_MS = 14_500;
  private static final long GRACE_MS = 20_000;
  private static final long OFFSET_MS = 3_000;

  /** What a busy machine may take. */
  private static final long LATE_MS = 3_000;

  private static final Map<String, String> DEFAULTS =
      Map.of("delay", DELAY_MS + "ms", "source.grace", GRACE_MS + "ms");

  private final ExecutorService pool = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  @Test
  @Timeout(240)
  void aMinuteAwayEndsTheOutputAndTheNextBeginsADelayBehindTheReturn() throws Exception {
    Path film =
        Films.cut(Films.noBframes(), Films.folder(DefaultsIT.class).resolve("away.flv"), 12);
    List<FlvTag> tags = FlvTag.read(film);
    try (Running running = Running.start(StsEchoConfig.builder(), DEFAULTS)) {
      URI server = running.stack().server().rtmpUrl();
      CompletableFuture<Tap> before = Tap.start(running, "live/away/out", pool);
      publish(server, "away", tags);
      long lostNanos = System.nanoTime();
      assertThat(running.awaitOver("away").path("state").asText()).isEqualTo("ENDED");
      long endedMs = sinceMs(lostNanos);
      Tap old = before.get(60, TimeUnit.SECONDS);

      RawPublisher.awaitTime(lostNanos + TimeUnit.SECONDS.toNanos(60));
      long backNanos = System.nanoTime();
      CompletableFuture<Tap> after = Tap.start(running, "live/away/out", pool);
      publish(server, "away", tags);
      running.awaitOver("away");
      Tap next = after.get(60, TimeUnit.SECONDS);

      List<Tap.Seen> whole = Tap.of(film.toString()).video();
      Tap.Seen last = last(old.video());
      assertThat(last.slicesSha256()).isEqualTo(last(whole).slicesSha256());
      assertThat(last(next.video()).slicesSha256()).isEqualTo(last(whole).slicesSha256());
      long lastMs = (last.arrivalNanos() - lostNanos) / 1_000_000;
      long lastSoundMs = (last(old.sound()).arrivalNanos() - lostNanos) / 1_000_000;
      long firstMs = (next.packets().get(0).arrivalNanos() - backNanos) / 1_000_000;
      Report.measured("a minute away: the last picture leaves after the loss (ms)", lastMs);
      Report.measured("a minute away: the last sound leaves after the loss (ms)", lastSoundMs);
      Report.measured("a minute away: the stream is over after the loss (ms)", endedMs);
      Report.measured("a minute away: the new output begins after the return (ms)", firstMs);
      assertThat(lastMs).isBetween(DELAY_MS - 500, DELAY_MS + LATE_MS);
      assertThat(lastSoundMs).isBetween(DELAY_MS - 500, DELAY_MS + LATE_MS);
      assertThat(endedMs).isBetween(GRACE_MS - 500, GRACE_MS + LATE_MS);
      assertThat(firstMs).isBetween(DELAY_MS, DELAY_MS + LATE_MS);
    }
  }

  private static void publish(URI server, String id, List<FlvTag> tags) throws Exception {
    try (RawPublisher publisher = RawPublisher.connect(server, "live/" + id + "/in")) {
      publisher.play(tags, System.nanoTime(), at -> OFFSET_MS + at);
    }
  }

  private static Tap.Seen last(List<Tap.Seen> track) {
    return track.get(track.size() - 1);
  }

  private static long sinceMs(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
