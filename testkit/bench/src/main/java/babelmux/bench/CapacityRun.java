package babelmux.bench;

import babelmux.demo.Scrape;
import babelmux.demo.Web;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Trials of one worker: puts a number of streams on air and looks at a window. Streams that are on
 * air stay until {@link #clear}. One thread; the site is the caller's to close.
 */
final class CapacityRun {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int SCRAPE_TRIES = 3;
  private static final String LATENESS = "worker_release_lateness_seconds";
  private static final String RTT = "worker_sts_rtt_ms";

  private final BenchSite site;
  private final SoakFilm film;
  private final Duration delay;
  private final long server;
  private int running;
  private int carried;

  /**
   * @param delay of the worker
   */
  CapacityRun(BenchSite site, SoakFilm film, Duration delay) {
    this.site = site;
    this.film = film;
    this.delay = delay;
    this.server = server(site);
  }

  /** Process number of MediaMTX; 0 when the origin is part of this process. */
  private static long server(BenchSite site) {
    return site.originName().startsWith("MediaMTX")
        ? ProcessHandle.current()
            .children()
            .filter(each -> each.isAlive() && each.pid() != site.worker().pid())
            .mapToLong(ProcessHandle::pid)
            .findFirst()
            .orElse(0)
        : 0;
  }

  /**
   * Puts streams on air beside those that are, and looks at a window.
   *
   * @param streams at once, at least as many as are on air
   * @throws IOException when the worker or MediaMTX has exited
   */
  CapacityTrial trial(int streams, int warmUpSeconds, int seconds)
      throws IOException, InterruptedException {
    Moment begin = moment();
    String trouble = null;
    try {
      begin(streams, warmUpSeconds);
      begin = moment();
      TimeUnit.SECONDS.sleep(seconds);
    } catch (IOException e) {
      trouble = e.getMessage();
    }
    checkProcesses();
    Moment end = moment();
    if (trouble == null && !(answered(begin.scrape()) && answered(end.scrape()))) {
      trouble = "the worker does not answer at /metrics";
    }
    CapacityTrial trial = between(streams, begin, end, trouble);
    if (trial.carried()) {
      carried = Math.max(carried, streams);
    }
    return trial;
  }

  private void checkProcesses() throws IOException {
    if (!site.worker().isRunning()) {
      throw new IOException(
          "the worker exited unexpectedly at %d streams, %s; carried before: %d. Signal 9 is sent by the kernel when memory runs out, or by somebody"
              .formatted(running, site.worker().end(), carried));
    }
    if (server != 0 && ProcessHandle.of(server).filter(ProcessHandle::isAlive).isEmpty()) {
      throw new IOException(
          "MediaMTX exited unexpectedly at %d streams; carried before: %d"
              .formatted(running, carried));
    }
  }

  /** Starts streams, and returns when all are on air and have warmed up. */
  void begin(int streams, int warmUpSeconds) throws IOException, InterruptedException {
    int from = running;
    while (running < streams) {
      String id = id(running);
      // Counted first: what fails half way is cleared, too. Keyframes come at different times.
      int first = film.keyframeFrom(SoakFilm.LENGTH_US * (running % 16) / 16);
      running++;
      site.publish(id, film, first);
      site.start(id);
    }
    if (from < streams) {
      // Asked again and again meanwhile, the worker would be busy with answers.
      TimeUnit.MILLISECONDS.sleep(delay.toMillis());
    }
    for (int n = from; n < streams; n++) {
      site.awaitState(id(n), Set.of("LIVE"), LIMIT);
    }
    TimeUnit.SECONDS.sleep(warmUpSeconds);
  }

  /** Ends all streams and publishers. */
  void clear() throws IOException, InterruptedException {
    // First, because it takes the load off a worker that may be slow to answer.
    for (int n = 0; n < running; n++) {
      site.unpublish();
    }
    for (int n = 0; n < running; n++) {
      try {
        site.end(id(n));
      } catch (IOException e) {
        // It was never taken, or has ended: none may be left below.
      }
    }
    site.awaitNoStream(delay.plus(LIMIT));
    running = 0;
  }

  /** Times of the segments of all streams on air that were cut since a moment, and dubbed. */
  List<SegmentTimes> segments(Instant since) throws InterruptedException {
    List<SegmentTimes> all = new ArrayList<>();
    for (int n = 0; n < running; n++) {
      String url = site.worker().url() + "/v1/streams/" + id(n) + "/debug";
      all.addAll(SegmentTimes.of(Web.json(url).path("events"), since));
    }
    return all;
  }

  /**
   * Publishes one more stream beside those on air, again and again.
   *
   * @return from before the hook until the worker had read a packet, milliseconds
   */
  double[] hooks(int count) throws IOException, InterruptedException {
    double[] millis = new double[count];
    for (int i = 0; i < count; i++) {
      String id = "hook" + i;
      site.publish(id, film, film.keyframeFrom(SoakFilm.LENGTH_US * i / count));
      try {
        millis[i] = site.hookToFirstPacketNanos(id) / 1e6;
        site.end(id);
        // Until it is over it takes one of the places.
        site.awaitState(id, Set.of("ENDED", "FAILED"), LIMIT);
      } finally {
        site.unpublish();
      }
    }
    return millis;
  }

  private static String id(int number) {
    return "c" + number;
  }

  /** Counters at the beginning or the end of a window. */
  private record Moment(
      HostSample host,
      Duration worker,
      Duration server,
      Duration load,
      TaskTimes threads,
      double collected,
      Scrape scrape) {}

  private Moment moment() throws IOException, InterruptedException {
    checkProcesses();
    // In front of the clock: jcmd takes CPU time itself.
    double collected = Collecting.seconds(site.worker().pid());
    Scrape scrape = scrape();
    return new Moment(
        HostSample.take(),
        ProcessUsage.cpu(site.worker().pid()),
        server == 0 ? Duration.ZERO : ProcessUsage.cpu(server),
        ProcessUsage.cpu(ProcessHandle.current().pid()),
        TaskTimes.of(site.worker().pid()),
        collected,
        scrape);
  }

  /** Metrics; empty when the worker does not answer. */
  private Scrape scrape() throws InterruptedException {
    Scrape scrape = site.scrape();
    for (int i = 1; i < SCRAPE_TRIES && !answered(scrape); i++) {
      scrape = site.scrape();
    }
    return scrape;
  }

  private static boolean answered(Scrape scrape) {
    return scrape.sum("jvm_memory_used_bytes", Map.of()) > 0;
  }

  private CapacityTrial between(int streams, Moment begin, Moment end, @Nullable String trouble)
      throws IOException {
    Scrape after = end.scrape();
    Scrape before = begin.scrape();
    double packets = grown(LATENESS + "_count", after, before);
    double inTime =
        after.sum(LATENESS + "_bucket", Map.of("le", "0.1"))
            - before.sum(LATENESS + "_bucket", Map.of("le", "0.1"));
    double reconnections =
        grown("worker_reconnection_total", after, before)
            + grown("worker_source_reconnections_total", after, before)
            + grown("worker_destination_reconnections_total", after, before);
    return new CapacityTrial(
        streams,
        (int) after.sum("worker_stream_live", Map.of()),
        Math.round(packets),
        Math.round(packets - inTime),
        Math.round(grown("worker_fallback_total", after, before)),
        Math.round(grown("worker_packets_dropped_total", after, before)),
        Math.round(reconnections),
        trouble,
        use(begin, end));
  }

  private CapacityTrial.Use use(Moment begin, Moment end) throws IOException {
    Scrape after = end.scrape();
    double seconds = (end.host().nanos() - begin.host().nanos()) / 1e9;
    TaskTimes.Hottest hottest = end.threads().hottestSince(begin.threads());
    double maxHeap = Math.max(0, after.max("jvm_memory_max_bytes", Map.of("area", "heap")));
    return new CapacityTrial.Use(
        end.host().cores(),
        end.host().busySince(begin.host()),
        end.host().stolenSince(begin.host()),
        end.host().waitedSince(begin.host()),
        cores(begin.worker(), end.worker(), seconds),
        cores(begin.server(), end.server(), seconds),
        cores(begin.load(), end.load(), seconds),
        hottest.name(),
        hottest.seconds() / seconds,
        (end.collected() - begin.collected()) / seconds,
        maxHeap == 0 ? 0 : after.sum("jvm_memory_used_bytes", Map.of("area", "heap")) / maxHeap,
        maxHeap,
        ProcessUsage.residentBytes(site.worker().pid()).orElse(0),
        server == 0 ? 0 : ProcessUsage.residentBytes(server).orElse(0),
        after.sum("worker_memory_limit_bytes", Map.of()),
        (double) end.host().availableBytes() / Math.max(1, end.host().totalBytes()),
        after.bucketOf(RTT, 0.95, begin.scrape()),
        after.max("worker_destination_queue_seconds"),
        8 * grown("worker_received_bytes_total", after, begin.scrape()) / seconds);
  }

  private static double cores(Duration before, Duration after, double seconds) {
    return after.minus(before).toNanos() / 1e9 / seconds;
  }

  private static double grown(String name, Scrape after, Scrape before) {
    return after.sum(name, Map.of()) - before.sum(name, Map.of());
  }
}
