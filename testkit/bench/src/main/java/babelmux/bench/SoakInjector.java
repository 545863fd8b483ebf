package babelmux.bench;

import babelmux.demo.Web;
import babelmux.faultproxy.Direction;
import babelmux.faultproxy.FaultProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Causes the faults of a schedule at their times, on threads of its own. Closing it ends those that
 * last. A fault that could not be caused is counted and told, not thrown.
 */
final class SoakInjector implements AutoCloseable {
  private static final int THREADS = 4;
  private static final int GARBAGE_REQUESTS = 50;
  private static final int MORE_VIEWERS = 5;
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final String DESTINATION = "soak-fault";
  private static final long DESTINATION_STARTS_SECONDS = 5;

  private final BenchSite site;
  private final List<SoakStream> streams;
  private final FaultProxy api;
  private final SoakAudience audience;
  private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(THREADS);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();
  private final Map<String, SoakFault> rules = new TreeMap<>();
  private final Map<Integer, FaultProxy> destinations = new ConcurrentHashMap<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final Set<SoakSchedule.Injection> begun = ConcurrentHashMap.newKeySet();
  private final AtomicInteger done = new AtomicInteger();

  /**
   * @param api what the worker asks the Control API through
   */
  SoakInjector(BenchSite site, List<SoakStream> streams, FaultProxy api, SoakAudience audience) {
    this.site = site;
    this.streams = List.copyOf(streams);
    this.api = api;
    this.audience = audience;
  }

  private interface Step {
    void take() throws IOException, InterruptedException;
  }

  /** Begins; the schedule's second 0 is now. */
  void start(List<SoakSchedule.Injection> schedule) {
    for (SoakSchedule.Injection one : schedule) {
      executor.schedule(
          () -> run(one, () -> begin(one), () -> begun.add(one)), one.second(), TimeUnit.SECONDS);
      executor.schedule(
          () -> run(one, () -> end(one), () -> ended(one)),
          one.second() + one.fault().seconds(),
          TimeUnit.SECONDS);
    }
  }

  /** Faults of which both begin and end were caused. */
  int done() {
    return done.get();
  }

  /** One line for each fault that could not be caused. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  private void ended(SoakSchedule.Injection one) {
    if (begun.contains(one)) {
      done.incrementAndGet();
    }
  }

  private void run(SoakSchedule.Injection one, Step step, Runnable then) {
    try {
      step.take();
      then.run();
    } catch (IOException | RuntimeException e) {
      failures.add(one.line() + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin(SoakSchedule.Injection one) throws IOException, InterruptedException {
    switch (one.fault()) {
      case SOURCE_AWAY_2S, SOURCE_AWAY_10S, HOOK_LOST -> stream(one).leave();
      case SOURCE_REPLACED -> stream(one).replace();
      case SOURCE_RESET -> stream(one).reset();
      case SOURCE_STALL_THEN_BURST -> stream(one).stall(true);
      case HOOK_DOUBLED -> {
        hook(one);
        hook(one);
      }
      case STS_LATE, STS_SILENT, STS_GARBAGE, STS_WRONG_FORMAT, STS_DISCONNECT, STS_BACKPRESSURE ->
          sts(one);
      case DESTINATION_RESET -> openDestination(one).reset();
      case DESTINATION_BLACK_HOLE -> openDestination(one).stall(Direction.TO_SERVER, true);
      case VIEWERS_COME_AND_GO -> audience.join(stream(one), MORE_VIEWERS, one.fault().seconds());
      case API_DOWN -> {
        api.refuse(true);
        api.reset();
      }
      case API_SLOW -> api.delay(Direction.TO_CLIENT, Duration.ofSeconds(7));
      case GARBAGE_HTTP -> garbage(one);
    }
  }

  private void end(SoakSchedule.Injection one) throws IOException, InterruptedException {
    switch (one.fault()) {
      case SOURCE_AWAY_2S, SOURCE_AWAY_10S, SOURCE_RESET -> {
        stream(one).comeBack();
        site.awaitListed("live/" + stream(one).id() + "/in", LIMIT, () -> "publisher refused");
        hook(one);
      }
      case HOOK_LOST -> stream(one).comeBack();
      case SOURCE_REPLACED -> hook(one);
      case SOURCE_STALL_THEN_BURST -> stream(one).stall(false);
      case STS_LATE, STS_SILENT, STS_GARBAGE, STS_WRONG_FORMAT, STS_DISCONNECT, STS_BACKPRESSURE ->
          endSts(one);
      case DESTINATION_RESET, DESTINATION_BLACK_HOLE -> closeDestination(one);
      case API_DOWN, API_SLOW -> api.clear();
      case HOOK_DOUBLED, VIEWERS_COME_AND_GO, GARBAGE_HTTP -> {
        // Over when they have begun.
      }
    }
  }

  private SoakStream stream(SoakSchedule.Injection one) {
    return streams.get(one.stream());
  }

  private void hook(SoakSchedule.Injection one) throws IOException, InterruptedException {
    int status = stream(one).hook();
    if (status != 200) {
      throw new IOException("the hook was answered with " + status);
    }
  }

  private void sts(SoakSchedule.Injection one) throws IOException, InterruptedException {
    synchronized (rules) {
      rules.put(stream(one).id(), one.fault());
    }
    putRules();
  }

  private void endSts(SoakSchedule.Injection one) throws IOException, InterruptedException {
    synchronized (rules) {
      rules.remove(stream(one).id());
    }
    putRules();
  }

  private void putRules() throws IOException, InterruptedException {
    synchronized (rules) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(site.stack().stsUrl().resolve("/drill/faults"))
                  .timeout(LIMIT)
                  .PUT(HttpRequest.BodyPublishers.ofString(StandInRules.plan(rules)))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("the stand-in's drill: " + answer.body());
      }
    }
  }

  private FaultProxy openDestination(SoakSchedule.Injection one)
      throws IOException, InterruptedException {
    URI server = site.stack().server().rtmpUrl();
    FaultProxy proxy = FaultProxy.to(server);
    destinations.put(one.stream(), proxy);
    int status =
        Web.post(
            destinationsUrl(one),
            "{\"name\":\"%s\",\"url\":\"%s/%s/%s\"}"
                .formatted(DESTINATION, proxy.url(), DESTINATION, stream(one).id()));
    if (status != 201) {
      throw new IOException("POST of a destination was answered with " + status);
    }
    TimeUnit.SECONDS.sleep(DESTINATION_STARTS_SECONDS);
    return proxy;
  }

  private void closeDestination(SoakSchedule.Injection one)
      throws IOException, InterruptedException {
    int status = Web.delete(destinationsUrl(one) + "/" + DESTINATION);
    FaultProxy proxy = destinations.remove(one.stream());
    if (proxy != null) {
      proxy.close();
    }
    if (status < 200 || status > 299) {
      throw new IOException("DELETE of a destination was answered with " + status);
    }
  }

  private String destinationsUrl(SoakSchedule.Injection one) {
    return site.worker().url() + "/v1/streams/" + stream(one).id() + "/destinations";
  }

  private void garbage(SoakSchedule.Injection one) throws IOException {
    Garbage garbage = new Garbage(new Random(one.second()));
    GarbageClient client = new GarbageClient(site.worker().url());
    for (int i = 0; i < GARBAGE_REQUESTS; i++) {
      Garbage.Request request = garbage.next();
      if (client.send(request) == GarbageClient.NO_CONNECTION) {
        throw new IOException("no connection for a request of kind " + request.kind().label());
      }
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    try {
      executor.awaitTermination(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    destinations.values().forEach(FaultProxy::close);
  }
}
