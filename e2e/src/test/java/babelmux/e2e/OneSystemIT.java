package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Very different sources, side by side on one running system. */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneSystemIT {
  /** So long that a dub is in time on a busy machine. */
  private static final Duration DELAY = Duration.ofSeconds(12);

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private Running running;
  private Future<Taps> plain;
  private Future<Taps> silent;
  private Future<Taps> blind;
  private Future<Taps> back;

  /** What went in, what came out, the stream's status at the end, and {@link CpuOfOthers}. */
  private record Taps(Tap in, Tap out, JsonNode status, long othersUs) {}

  @BeforeAll
  void publishAll() throws Exception {
    Path folder = Films.folder(OneSystemIT.class);
    Path noSound = Films.cut(Films.counting(), folder.resolve("no-sound.mp4"), 8, "-an");
    Path noPicture = Films.cut(Films.counting(), folder.resolve("no-picture.mp4"), 14, "-vn");
    running =
        Running.start(
            StsEchoConfig.builder(),
            Map.of("source.grace", "8s", "delay", DELAY.toMillis() + "ms"));
    plain = pool.submit(() -> tapped("plain", Films.counting()));
    silent = pool.submit(() -> tapped("silent", noSound));
    blind = pool.submit(() -> tapped("blind", noPicture));
    back = pool.submit(this::comesBack);
  }

  private Taps tapped(String id, Path film) throws Exception {
    CpuOfOthers others = CpuOfOthers.start();
    CompletableFuture<Tap> in = Tap.start(running, "live/" + id + "/in", pool);
    CompletableFuture<Tap> out = Tap.start(running, "live/" + id + "/out", pool);
    JsonNode status = running.play(id, film);
    return new Taps(in.get(), out.get(), status, others.sinceStartUs());
  }

  /** Killed with -9 after some seconds, published again two seconds later. */
  private Taps comesBack() throws Exception {
    CpuOfOthers others = CpuOfOthers.start();
    CompletableFuture<Tap> in = Tap.start(running, "live/back/in", pool);
    CompletableFuture<Tap> out = Tap.start(running, "live/back/out", pool);
    try (MediaTask first = running.publish("back", Films.counting())) {
      running.awaitState("back", "LIVE", LIMIT);
      first.kill();
    }
    Running.await(
        "the loss is seen",
        LIMIT,
        () -> running.stream("back").path("flags").path("sourceLost").asBoolean());
    TimeUnit.SECONDS.sleep(2); // so long nobody publishes
    try (MediaTask second = running.publish("back", Films.counting())) {
      assertThat(second.await(Duration.ofSeconds(60))).isTrue();
    }
    JsonNode status = running.awaitOver("back");
    return new Taps(in.get(), out.get(), status, others.sinceStartUs());
  }

  @AfterAll
  void stop() {
    pool.shutdownNow();
    running.close();
  }

  @Test
  void whatIsWrittenIsWhatWasRead() throws Exception {
    Taps taps = plain.get();
    assertThat(taps.status().path("state").asText()).isEqualTo("ENDED");
    List<Tap.Seen> in = taps.in().video();
    List<Tap.Seen> out = taps.out().video();
    int skipIn = skipTo(in, out.get(0));
    int skipOut = skipTo(out, in.get(skipIn));
    List<Tap.Seen> read = in.subList(skipIn, in.size());
    List<Tap.Seen> written = out.subList(skipOut, out.size());
    Report.measured("raw: video packets compared", written.size());
    assertThat(written).hasSizeGreaterThan(850);
    if (Servers.currentIsEmbedded()) {
      assertThat(written.stream().map(Tap.Seen::sha256))
          .isEqualTo(read.stream().map(Tap.Seen::sha256).toList());
      assertThat(taps.out().videoHeaders()).isNotEmpty().isEqualTo(taps.in().videoHeaders());
    }
    assertThat(written).hasSameSizeAs(read);
    long shiftUs = written.get(0).ptsUs() - read.get(0).ptsUs();
    for (int n = 0; n < read.size(); n++) {
      assertThat(written.get(n).ptsUs() - read.get(n).ptsUs())
          .as("pts of packet %d", n)
          // FLV has milliseconds for DTS and for the way from there to PTS, here and at the first.
          .isCloseTo(shiftUs, within(2000L));
      assertThat(written.get(n).key()).isEqualTo(read.get(n).key());
    }
    risesPerTrack(taps.out());
  }

  @Test
  void nothingLeavesEarlyAndNothingASecondLate() throws Exception {
    Taps taps = plain.get();
    List<Tap.Seen> in = taps.in().video();
    List<Tap.Seen> out = taps.out().video();
    int skipIn = skipTo(in, out.get(0));
    int skipOut = skipTo(out, in.get(skipIn));
    // The source's clock by its first packet: a publisher that lags at its start catches up later,
    // and the worker's delay does not follow such jumps.
    Tap.Seen first = taps.in().packets().get(0);
    long anchor = first.arrivalNanos() - first.dtsUs() * 1000;
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    for (int n = 0; skipOut + n < out.size() && skipIn + n < in.size(); n++) {
      long due = anchor + in.get(skipIn + n).dtsUs() * 1000 + DELAY.toNanos();
      long late = out.get(skipOut + n).arrivalNanos() - due;
      least = Math.min(least, late);
      most = Math.max(most, late);
    }
    Report.measured("release: earliest, latest (us after D)", least / 1000 + ", " + most / 1000);
    // Tap and worker did not begin at the same packet.
    assertThat(least).as("released early").isGreaterThan(-200_000_000L);
    long allowed = 1_000_000_000L + taps.othersUs() * 1000;
    assertThat(most - least).as("changes of the delay").isLessThan(allowed);
    assertThat(most).as("lateness").isLessThan(allowed);
  }

  @Test
  void aSourceWithoutSoundPassesThrough() throws Exception {
    Taps taps = silent.get();
    assertThat(taps.status().path("state").asText()).isEqualTo("ENDED");
    assertThat(taps.out().sound()).isEmpty();
    List<String> read = taps.in().video().stream().map(Tap.Seen::sha256).toList();
    List<String> written = taps.out().video().stream().map(Tap.Seen::sha256).toList();
    assertThat(written.size()).isGreaterThan(150);
    if (Servers.currentIsEmbedded()) {
      assertThat(read.subList(read.size() - 150, read.size()))
          .isEqualTo(written.subList(written.size() - 150, written.size()));
    }
    assertThat(taps.status().path("segments").path("cut").asInt()).isZero();
  }

  @Test
  void aSourceWithoutPictureIsDubbedAlone() throws Exception {
    Taps taps = blind.get();
    assertThat(taps.status().path("state").asText()).isEqualTo("ENDED");
    assertThat(taps.out().video()).isEmpty();
    // The viewers do not come at the same packet.
    int apart = 15 + (int) (taps.othersUs() * 48_000 / 1024 / 1_000_000);
    assertThat(taps.out().sound().size()).isCloseTo(taps.in().sound().size(), within(apart));
    assertThat(taps.status().path("segments").path("dubbed").asInt()).isEqualTo(3);
    assertThat(taps.status().path("segments").path("fallback")).isEmpty();
    // Two whole segments and the rest.
    assertThat(taps.status().path("sts").path("audioSeconds").asDouble()).isBetween(12.9, 18.0);
  }

  @Test
  void aSourceThatComesBackGoesOnInTheSameOutput() throws Exception {
    Taps taps = back.get();
    JsonNode status = taps.status();
    assertThat(status.path("state").asText()).isEqualTo("ENDED");
    assertThat(status.path("destinations").get(0).path("reconnects").asInt()).isZero();
    risesPerTrack(taps.out());
    List<Tap.Seen> picture = taps.out().video();
    long largest = 0;
    int gaps = 0;
    // By presentation: MediaMTX makes decoding times of its own, which reach into a gap.
    long[] shown = picture.stream().mapToLong(Tap.Seen::ptsUs).sorted().toArray();
    for (int n = 1; n < shown.length; n++) {
      long step = shown[n] - shown[n - 1];
      largest = Math.max(largest, step);
      gaps += step > 500_000 ? 1 : 0;
    }
    Report.measured("source back: gap in the output (us)", largest);
    assertThat(gaps).as("gaps").isEqualTo(1);
    assertThat(largest).isBetween(2_000_000L, 5_000_000L);
    Tap.Seen first = picture.get(0);
    Tap.Seen last = picture.get(picture.size() - 1);
    long clockUs = (last.arrivalNanos() - first.arrivalNanos()) / 1000;
    assertThat(last.dtsUs() - first.dtsUs())
        .as("the output's times against the clock")
        .isCloseTo(clockUs, within(300_000L + taps.othersUs()));
    // All of the second publisher's 30 s, and what the first one sent before it was killed.
    assertThat(picture.size()).isGreaterThan(900 + 150);
  }

  private static void risesPerTrack(Tap tap) {
    for (List<Tap.Seen> track : List.of(tap.video(), tap.sound())) {
      for (int n = 1; n < track.size(); n++) {
        assertThat(track.get(n).dtsUs())
            .as("packet %d after %s", n, track.get(n - 1))
            .isGreaterThan(track.get(n - 1).dtsUs());
      }
    }
  }

  /** Index of a packet's payload; 0 when it is not there. */
  private static int skipTo(List<Tap.Seen> packets, Tap.Seen wanted) {
    for (int n = 0; n < packets.size(); n++) {
      if (packets.get(n).sha256().equals(wanted.sha256())) {
        return n;
      }
    }
    return 0;
  }
}
