package babelmux.bench;

import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.payload.BadPayload;
import babelmux.worker.retry.Backoff;
import babelmux.worker.sts.BreakerSettings;
import babelmux.worker.sts.StsConfig;
import babelmux.worker.sts.StsLinks;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Many links against a stand-in service in this process that misbehaves by a seeded plan; then a
 * recovery, in which every link must dub again, and the closing handshake.
 *
 * @param segment a fragment of each link comes so often
 * @param duration of the faults
 * @param seed of the faults
 */
record LinkDrill(int links, Duration duration, Duration segment, long seed) {
  private static final int SOUND_BYTES = 96_000;
  private static final Duration SEGMENT = Duration.ofSeconds(6);
  private static final Duration RECOVERY = Duration.ofMinutes(2);
  private static final int THREADS_GO_SECONDS = 90;
  private static final Duration PING_INTERVAL = Duration.ofSeconds(5);
  private static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

  /**
   * Result of a drill.
   *
   * @param stuck links that did not dub again in the recovery
   * @param unparted links whose closing handshake took too long
   * @param warm a fifth into the faults, {@code faulty} at their end, {@code before} and {@code
   *     after} without links and service
   */
  record Result(
      DrillTally tally,
      long reconnects,
      int stuck,
      int unparted,
      int unmatched,
      long inFlight,
      OwnProcess before,
      OwnProcess warm,
      OwnProcess faulty,
      OwnProcess after) {}

  /** The fragment limit: 8 s for segments of 6 s. */
  private Duration limit() {
    return scaled(Duration.ofSeconds(8));
  }

  /**
   * Runs it; takes the duration and up to some minutes more.
   *
   * @param progress told a line now and then
   */
  Result run(Consumer<String> progress) throws IOException, InterruptedException {
    new LinkDrill(2, Duration.ofSeconds(3), Duration.ofSeconds(1), seed).run(progress, 0);
    return run(progress, THREADS_GO_SECONDS);
  }

  private Result run(Consumer<String> progress, int threadsGoSeconds)
      throws IOException, InterruptedException {
    OwnProcess before = OwnProcess.now();
    DrillTally tally = new DrillTally();
    List<DrillLink> all = new ArrayList<>();
    OwnProcess warm;
    OwnProcess faulty;
    int stuck;
    int unparted = 0;
    long inFlight;
    try (StsEcho echo = service();
        StsLinks sts = new StsLinks(config(echo))) {
      ScheduledExecutorService feeder = Executors.newSingleThreadScheduledExecutor();
      try {
        open(sts, tally, all, feeder);
        await(duration.dividedBy(5), tally, progress);
        warm = OwnProcess.now();
        await(duration.minus(duration.dividedBy(5)), tally, progress);
        faulty = OwnProcess.now();
        endFaults(echo.url());
        stuck = stuckAfterRecovery(all, tally, progress);
      } finally {
        feeder.shutdown();
        feeder.awaitTermination(10, TimeUnit.SECONDS);
      }
      for (DrillLink link : all) {
        unparted += link.end() ? 0 : 1;
      }
      inFlight = all.stream().mapToLong(DrillLink::inFlight).sum() + tally.inFlight();
    }
    OwnProcess after = OwnProcess.settled(before.threads(), threadsGoSeconds);
    return new Result(
        tally,
        all.stream().mapToLong(DrillLink::reconnects).sum(),
        stuck,
        unparted,
        all.stream().mapToInt(DrillLink::unmatched).sum(),
        inFlight,
        before,
        warm,
        faulty,
        after);
  }

  private StsEcho service() throws IOException {
    return StsEcho.start(
        StsEchoConfig.builder()
            .port(0)
            .pingInterval(PING_INTERVAL)
            .pingTimeout(PING_TIMEOUT)
            .autoDisconnect(Duration.ofMillis(500))
            .faults(plan())
            .build());
  }

  /** The defaults, in proportion to the segment. */
  private StsConfig config(StsEcho echo) {
    Backoff waits = StsConfig.DEFAULT_RECONNECT;
    return StsConfig.builder(echo.url())
        .connectTimeout(scaled(Duration.ofSeconds(10)))
        .readyTimeout(scaled(Duration.ofSeconds(10)))
        .stableAfter(scaled(Duration.ofSeconds(30)))
        .reconnect(
            new Backoff(scaled(waits.first()), scaled(waits.last()), scaled(waits.ceiling())))
        .breaker(
            new BreakerSettings(
                BreakerSettings.DEFAULT.failures(), scaled(BreakerSettings.DEFAULT.openFor())))
        .build();
  }

  private Duration scaled(Duration time) {
    return Duration.ofNanos(time.toNanos() / SEGMENT.toMillis() * segment.toMillis());
  }

  private FaultPlan plan() throws IOException {
    try (InputStream in = LinkDrill.class.getResourceAsStream("link-drill.yaml")) {
      if (in == null) {
        throw new IOException("link-drill.yaml is missing in this build");
      }
      String rules = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return FaultPlan.parse("seed: " + (int) seed + "\n" + rules);
    } catch (BadPayload e) {
      throw new IOException(e.reason(), e);
    }
  }

  private void open(
      StsLinks sts, DrillTally tally, List<DrillLink> all, ScheduledExecutorService feeder) {
    byte[] sound = new byte[SOUND_BYTES];
    new Random(seed).nextBytes(sound);
    for (int i = 0; i < links; i++) {
      DrillLink link = new DrillLink(sts, "drill-" + i, sound, segment, limit(), tally);
      all.add(link);
      feeder.scheduleAtFixedRate(
          link::feed, segment.toNanos() * i / links, segment.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void await(Duration time, DrillTally tally, Consumer<String> progress)
      throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      TimeUnit.MILLISECONDS.sleep(Math.min(1_000, time.toMillis()));
      progress.accept(
          "%d fragments, %d dubbed, %d fallen back, %d in flight"
              .formatted(
                  tally.submitted.sum(),
                  tally.dubbed.sum(),
                  tally.fellBack.sum(),
                  tally.inFlight()));
    }
  }

  /** The plan goes; what has already befallen a connection stays with it. */
  private static void endFaults(URI service) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .build()
            .send(
                HttpRequest.newBuilder(service.resolve("/drill/faults")).DELETE().build(),
                HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("the drill does not end: HTTP " + answer.statusCode());
    }
  }

  private int stuckAfterRecovery(List<DrillLink> all, DrillTally tally, Consumer<String> progress)
      throws InterruptedException {
    long end = System.nanoTime() + scaled(RECOVERY).plusSeconds(10).toNanos();
    // Longer than an answer takes, so that no dub from before the recovery counts.
    await(limit().plus(segment), tally, progress);
    while (System.nanoTime() - end < 0 && !all.stream().allMatch(DrillLink::works)) {
      await(Duration.ofSeconds(1), tally, progress);
    }
    return (int) all.stream().filter(link -> !link.works()).count();
  }
}
