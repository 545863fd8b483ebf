package babelmux.bench;

import babelmux.demo.LocalStack;
import babelmux.demo.Scrape;
import babelmux.demo.StreamStates;
import babelmux.demo.Web;
import babelmux.origin.MediaServer;
import babelmux.origin.OriginConfig;
import babelmux.stsecho.StsEcho;
import babelmux.stsecho.StsEchoConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Setup that a benchmark looks at: origin and STS stand-in in this process, the worker in one of
 * its own, and publishers. The origin runs no hooks, and the worker does not look for streams by
 * itself: it is told by the benchmark, so that the time is known. Whoever started it closes it.
 */
final class BenchSite implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final long POLL_MILLIS = 1;

  private final LocalStack stack;
  private final WorkerProcess worker;
  private final List<Publisher> publishers = new ArrayList<>();

  private BenchSite(LocalStack stack, WorkerProcess worker) {
    this.stack = stack;
    this.worker = worker;
  }

  /**
   * @param program whose {@code serve} is measured
   * @param mediaMtx {@code auto}, {@code none} or a path
   * @param flags of {@code serve}, beside the addresses
   */
  static BenchSite start(HostProgram program, String mediaMtx, List<String> flags)
      throws IOException {
    return start(program, mediaMtx, flags, Map.of());
  }

  /**
   * @param program whose {@code serve} is measured
   * @param mediaMtx {@code auto}, {@code none} or a path
   * @param flags of {@code serve}, beside the addresses
   * @param environment of the worker, over that of this process
   */
  static BenchSite start(
      HostProgram program, String mediaMtx, List<String> flags, Map<String, String> environment)
      throws IOException {
    return start(program, mediaMtx, flags, environment, direct -> direct);
  }

  /**
   * @param program whose {@code serve} is measured
   * @param mediaMtx {@code auto}, {@code none} or a path
   * @param flags of {@code serve}, beside the addresses
   * @param environment of the worker, over that of this process
   * @param stsUrl the URL at which the worker finds the STS, by the STS's own
   */
  static BenchSite start(
      HostProgram program,
      String mediaMtx,
      List<String> flags,
      Map<String, String> environment,
      Route stsUrl)
      throws IOException {
    return start(
        MediaServer.start(mediaMtx, OriginConfig.defaults()), program, flags, environment, stsUrl);
  }

  /**
   * As above, beside a server that runs; it is closed with the site, and when this fails.
   *
   * @param flags of {@code serve}, beside the addresses or in place of them
   */
  static BenchSite start(
      MediaServer origin,
      HostProgram program,
      List<String> flags,
      Map<String, String> environment,
      Route stsUrl)
      throws IOException {
    try {
      return startBeside(origin, program, flags, environment, stsUrl);
    } catch (IOException | RuntimeException e) {
      origin.close();
      throw e;
    }
  }

  private static BenchSite startBeside(
      MediaServer origin,
      HostProgram program,
      List<String> flags,
      Map<String, String> environment,
      Route stsUrl)
      throws IOException {
    StsEcho sts = StsEcho.start(StsEchoConfig.builder().port(0).build());
    try {
      return startBeside(origin, sts, program, flags, environment, stsUrl.by(sts.url()));
    } catch (IOException | RuntimeException e) {
      sts.close();
      throw e;
    }
  }

  private static BenchSite startBeside(
      MediaServer origin,
      StsEcho sts,
      HostProgram program,
      List<String> flags,
      Map<String, String> environment,
      URI stsUrl)
      throws IOException {
    List<String> defaults =
        List.of(
            "--rtmp-url",
            origin.rtmpUrl().toString(),
            "--mediamtx-api",
            origin.apiUrl().toString(),
            "--mediamtx-reconcile-interval",
            "0s",
            "--sts-url",
            stsUrl.toString(),
            "--source-grace",
            "0s",
            "--drain-limit",
            "0s",
            "--log-level",
            "error");
    List<String> all = new ArrayList<>(flags);
    for (int i = 0; i < defaults.size(); i += 2) {
      if (!flags.contains(defaults.get(i))) {
        all.addAll(defaults.subList(i, i + 2));
      }
    }
    WorkerProcess worker = WorkerProcess.start(program.command(), all, environment);
    return new BenchSite(new LocalStack(origin, sts, worker, worker.url()), worker);
  }

  String originName() {
    return stack.server().name();
  }

  WorkerProcess worker() {
    return worker;
  }

  LocalStack stack() {
    return stack;
  }

  /** Publishes a film to a stream's input, and returns when readers can be served. */
  void publish(String streamId, Path film, Duration length)
      throws IOException, InterruptedException {
    MediaTask task = StreamPublisher.loop(film, stack.inputUrl(streamId), 3, length);
    publish(streamId, new Publisher(task::close, task::said));
  }

  /**
   * Publishes an endless clip to a stream's input, and returns when readers can be served.
   *
   * @param first the entry that is sent first, a keyframe
   */
  SoakPublisher publish(String streamId, SoakFilm film, int first)
      throws IOException, InterruptedException {
    SoakPublisher publisher = SoakPublisher.start(film, stack.inputUrl(streamId), first);
    publish(streamId, new Publisher(publisher::close, () -> "" + publisher.failure()));
    return publisher;
  }

  /** Publishes an endless film to a stream's input, and returns when readers can be served. */
  MediaProgram publish(String streamId, MarkedFilm film, Duration length)
      throws IOException, InterruptedException {
    MediaProgram publisher = film.publish(stack.inputUrl(streamId), 3, length);
    publish(streamId, new Publisher(publisher::close, publisher::said));
    return publisher;
  }

  private void publish(String streamId, Publisher publisher)
      throws IOException, InterruptedException {
    publishers.add(publisher);
    awaitListed("live/" + streamId + "/in", LIMIT, publisher.said());
  }

  /** Waits until readers of a path can be served. */
  void awaitListed(String path, Duration limit, Supplier<String> otherwise)
      throws IOException, InterruptedException {
    String url = stack.server().apiUrl() + "/v3/paths/get/" + path;
    await(
        () -> "the origin does not list " + path + ": " + otherwise.get(),
        limit,
        () -> Web.json(url).path("ready").asBoolean(false));
  }

  /** Ends the last publisher. */
  void unpublish() {
    publishers.remove(publishers.size() - 1).close().run();
  }

  /**
   * Sends the hook that says that a stream is there.
   *
   * @return the time from before it was sent until the worker said that it had read a packet
   */
  long hookToFirstPacketNanos(String streamId) throws InterruptedException, IOException {
    long begin = System.nanoTime();
    hook(streamId);
    awaitState(streamId, StreamStates.READING, LIMIT);
    return System.nanoTime() - begin;
  }

  private void hook(String streamId) throws InterruptedException, IOException {
    int status =
        Web.post(
            worker.url() + "/v1/mediamtx/events/ready",
            HookBody.of("live/" + streamId + "/in", "bench-" + streamId));
    if (status != 200) {
      throw new IOException("the hook for " + streamId + " was answered with " + status);
    }
  }

  /** Waits until a stream is in one of these states. */
  void awaitState(String streamId, Set<String> states, Duration limit)
      throws InterruptedException, IOException {
    String url = worker.url() + "/v1/streams/" + streamId;
    await(
        () -> "stream " + streamId + " does not become " + states + ": " + Web.text(url),
        limit,
        () -> {
          JsonNode stream = Web.json(url);
          return states.contains(stream.path("state").asText());
        });
  }

  /** Has the worker read a stream, without a hook; it needs {@code --sources-allow}. */
  void start(String streamId) throws InterruptedException, IOException {
    String body =
        "{\"streamId\":\"%s\",\"sourceUrl\":\"%s\"}".formatted(streamId, stack.inputUrl(streamId));
    int status = Web.post(worker.url() + "/v1/streams", body);
    if (status != 201) {
      throw new IOException("the post of " + streamId + " was answered with " + status);
    }
  }

  /** Ends a stream at once. */
  void end(String streamId) throws InterruptedException, IOException {
    int status = Web.delete(worker.url() + "/v1/streams/" + streamId + "?now=true");
    if (status != 202) {
      throw new IOException("the end of " + streamId + " was answered with " + status);
    }
  }

  /** Waits until no stream runs. */
  void awaitNoStream(Duration limit) throws InterruptedException, IOException {
    await(
        () -> "streams are left: " + Web.text(worker.url() + "/v1/streams"),
        limit,
        () -> {
          Scrape now = scrape();
          return now.sum("jvm_memory_used_bytes", Map.of()) > 0
              && now.sum("worker_streams", Map.of()) == 0;
        });
  }

  Scrape scrape() throws InterruptedException {
    return Scrape.of(Web.text(worker.url() + "/metrics"));
  }

  /**
   * Sender of a stream.
   *
   * @param close ends it
   * @param said what it complained about
   */
  private record Publisher(Runnable close, Supplier<String> said) {}

  /** Way of the worker to the STS. */
  interface Route {
    URI by(URI sts) throws IOException;
  }

  private interface Condition {
    boolean holds() throws InterruptedException;
  }

  private interface Words {
    String say() throws InterruptedException;
  }

  private static void await(Words otherwise, Duration limit, Condition condition)
      throws InterruptedException, IOException {
    long since = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - since > limit.toNanos()) {
        throw new IOException(otherwise.say() + ", within " + limit.toSeconds() + " s");
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  @Override
  public void close() {
    publishers.forEach(publisher -> publisher.close().run());
    stack.close();
  }
}
