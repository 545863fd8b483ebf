package babelmux.bench;

import babelmux.demo.StreamStates;
import babelmux.demo.Web;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Starts streams of one source by the worker's API, and ends them. Any thread. */
final class Cycling implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 20;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final String streams;
  private final URI source;
  private int started;

  /**
   * @param worker its HTTP port
   * @param source that all streams read
   */
  Cycling(URI worker, URI source) {
    this.streams = worker + "/v1/streams";
    this.source = source;
  }

  /**
   * Starts streams and ends each at once when it has read a packet.
   *
   * @param count streams in all
   * @param atOnce so many at a time
   * @return from each request to the first packet, milliseconds
   */
  double[] endAtOnce(int count, int atOnce) throws IOException, InterruptedException {
    List<Future<List<Double>>> lanes = new ArrayList<>();
    for (int lane = 0; lane < atOnce; lane++) {
      int first = started + lane;
      int end = started + count;
      lanes.add(
          pool.submit(
              () -> {
                List<Double> times = new ArrayList<>();
                for (int n = first; n < end; n += atOnce) {
                  times.add(start(n));
                  end(n, "?now=true");
                }
                return times;
              }));
    }
    started += count;
    List<Double> all = new ArrayList<>();
    for (Future<List<Double>> lane : lanes) {
      all.addAll(get(lane));
    }
    return all.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Starts streams side by side and drains all of them when each has read a packet. */
  void drain(int count) throws IOException, InterruptedException {
    CountDownLatch reading = new CountDownLatch(count);
    List<Future<Boolean>> all = new ArrayList<>();
    for (int n = started; n < started + count; n++) {
      int number = n;
      all.add(
          pool.submit(
              () -> {
                start(number);
                reading.countDown();
                reading.await();
                end(number, "");
                return true;
              }));
    }
    started += count;
    for (Future<Boolean> one : all) {
      get(one);
    }
  }

  private double start(int number) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    String body = "{\"streamId\":\"cycle-%d\",\"sourceUrl\":\"%s\"}".formatted(number, source);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(streams))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .timeout(LIMIT)
            .build();
    send(request, 201);
    String url = streams + "/cycle-" + number;
    while (!StreamStates.isReading(Web.json(url))) {
      if (System.nanoTime() - begin > LIMIT.toNanos()) {
        throw new IOException("nothing is read: " + Web.text(url));
      }
      Thread.sleep(POLL_MILLIS);
    }
    return (System.nanoTime() - begin) / 1e6;
  }

  private void end(int number, String query) throws IOException, InterruptedException {
    URI url = URI.create(streams + "/cycle-" + number + query);
    send(HttpRequest.newBuilder(url).DELETE().timeout(LIMIT).build(), 202);
  }

  private void send(HttpRequest request, int expected) throws IOException, InterruptedException {
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != expected) {
      throw new IOException(
          "%s %s: HTTP %d, expected %d: %s"
              .formatted(
                  request.method(), request.uri(), answer.statusCode(), expected, answer.body()));
    }
  }

  private static <T> T get(Future<T> future) throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
