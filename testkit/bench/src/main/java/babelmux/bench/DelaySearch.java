package babelmux.bench;

import babelmux.faultproxy.Direction;
import babelmux.faultproxy.FaultProxy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Smallest delay at which no segment falls back, with a worker of its own for each try. */
final class DelaySearch {
  private static final int SEGMENT_MILLIS = 6000;

  /**
   * What the delay has beside the segment and the STS's time here: a worker has 500 ms, most of it
   * room for answers on a busy machine. Of these 270 ms, 225 are to mix and encode ahead and to
   * fade, so 45 ms are left to decode an answer and make it fit. See DelayConfig and TimeBudget.
   */
  static final int MARGIN_MILLIS = 270;

  private static final int STEP_MILLIS = 10;
  private static final int[] MORE_STEPS = {0, 1, 2, 4, 8, 16};
  private static final int SECONDS = 25;

  private DelaySearch() {}

  /** Starts a site with these flags, and with this environment of its worker. */
  interface Sites {
    BenchSite start(List<String> flags, Map<String, String> environment, BenchSite.Route stsUrl)
        throws IOException;
  }

  /**
   * Finding.
   *
   * @param delayMillis the smallest delay that held
   * @param segments of the run at that delay
   * @param up bytes to the STS for a second of audio, all of the protocol included; 0 where not
   *     counted
   * @param down the same from it
   */
  record Result(int streams, int delayMillis, List<SegmentTimes> segments, double up, double down) {

    Quantiles roundTrips() {
      return Quantiles.of(segments.stream().mapToDouble(SegmentTimes::roundTrip).toArray());
    }

    Quantiles beforeSent() {
      return Quantiles.of(segments.stream().mapToDouble(SegmentTimes::beforeSent).toArray());
    }

    Quantiles afterAnswer() {
      return Quantiles.of(segments.stream().mapToDouble(SegmentTimes::afterAnswer).toArray());
    }

    /** Delay beyond the segment and the slowest answer, milliseconds. */
    double overheadMillis() {
      return delayMillis - SEGMENT_MILLIS - roundTrips().max();
    }
  }

  /**
   * Begins at the delay that the slowest segment of another run needs, and goes up.
   *
   * @param untilAnswerMillis of the slowest segment, from its cut
   * @return null when the largest delay that was tried did not hold
   */
  static @Nullable Result search(
      Sites sites, SoakFilm film, int streams, double untilAnswerMillis, int warmUpSeconds)
      throws IOException, InterruptedException {
    int steps = (int) Math.max(1, Math.ceil(untilAnswerMillis / STEP_MILLIS));
    for (int more : MORE_STEPS) {
      int delay = SEGMENT_MILLIS + MARGIN_MILLIS + (steps + more) * STEP_MILLIS;
      Result result = tryOne(sites, film, streams, delay, warmUpSeconds);
      if (result != null) {
        return result;
      }
    }
    return null;
  }

  /** Runs streams at a delay; null when a segment fell back, or a stream was not on air. */
  private static @Nullable Result tryOne(
      Sites sites, SoakFilm film, int streams, int delayMillis, int warmUpSeconds)
      throws IOException, InterruptedException {
    AtomicReference<FaultProxy> proxy = new AtomicReference<>();
    // Only beside one stream: it takes CPU itself.
    BenchSite.Route route =
        streams > 1
            ? direct -> direct
            : direct -> {
              FaultProxy counting = FaultProxy.to(direct);
              proxy.set(counting);
              return counting.url();
            };
    try (BenchSite site =
        sites.start(
            List.of("--delay", String.format(Locale.ROOT, "%dms", delayMillis)),
            Map.of("BABELMUX_JAVA_OPTS", "-Dbabelmux.bench.margin-ms=" + MARGIN_MILLIS),
            route)) {
      CapacityRun run = new CapacityRun(site, film, Duration.ofMillis(delayMillis));
      // The first segments of a process are slow: classes are loaded, code is compiled.
      run.begin(streams, warmUpSeconds);
      Instant since = Instant.now();
      double audio = audioSeconds(site);
      long up = forwarded(proxy.get(), Direction.TO_SERVER);
      long down = forwarded(proxy.get(), Direction.TO_CLIENT);
      CapacityTrial trial = run.trial(streams, 0, SECONDS);
      double sent = Math.max(1, audioSeconds(site) - audio);
      List<SegmentTimes> segments = run.segments(since);
      return trial.live() == streams && trial.fallbacks() == 0 && !segments.isEmpty()
          ? new Result(
              streams,
              delayMillis,
              segments,
              (forwarded(proxy.get(), Direction.TO_SERVER) - up) / sent,
              (forwarded(proxy.get(), Direction.TO_CLIENT) - down) / sent)
          : null;
    } finally {
      FaultProxy counting = proxy.get();
      if (counting != null) {
        counting.close();
      }
    }
  }

  /** Audio that was sent to the STS, which goes at the speed of the streams. */
  private static double audioSeconds(BenchSite site) throws InterruptedException {
    return site.scrape().sum("worker_sts_audio_seconds_total", Map.of());
  }

  private static long forwarded(@Nullable FaultProxy proxy, Direction direction) {
    return proxy == null ? 0 : proxy.forwarded(direction);
  }
}
