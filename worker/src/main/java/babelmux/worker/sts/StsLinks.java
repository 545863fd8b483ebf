package babelmux.worker.sts;

import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import okhttp3.Dispatcher;
import okhttp3.Dns;
import okhttp3.OkHttpClient;

/**
 * The links of a worker to its STS service, one per stream. What links decide runs on two shared
 * threads and one timer. Beside these each link costs two threads of the libraries while it is
 * connected: OkHttp reads a WebSocket with blocking calls, and engine.io's client makes a timer for
 * the pings of each connection, which it takes from nobody. Both wait nearly always. Thread-safe;
 * whoever makes it closes it, which closes all links.
 */
public final class StsLinks implements AutoCloseable {
  private static final Pattern STREAM_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int LONGEST_HEADER = 64;
  private static final int THREADS = 2;
  private static final int MOST_CONNECTIONS = 10_000;
  private static final int ADDRESSES_IN_TIME = 4;

  private final StsConfig config;
  private final LongSupplier nanos;
  private final InstantSource wall;
  private final RandomGenerator random;
  private final ExecutorService pool;
  private final ScheduledThreadPoolExecutor timers;
  private final OkHttpClient client;
  private final Set<SerialLink> open = ConcurrentHashMap.newKeySet();

  /**
   * Links on the real clocks. Starts no thread before the first link.
   *
   * @throws IllegalArgumentException if the configured certificates cannot be used
   */
  public StsLinks(StsConfig config) {
    this(config, System::nanoTime, InstantSource.system(), RandomGenerator.getDefault());
  }

  /**
   * Links on clocks of the caller's; timers still run in real time.
   *
   * @param nanos monotonic, the base of {@link StsFragment#deadlineNanos}
   * @param wall for the timestamps in messages
   * @param random for the jitter of reconnections
   */
  public StsLinks(
      StsConfig config, LongSupplier nanos, InstantSource wall, RandomGenerator random) {
    this(config, nanos, wall, random, Dns.SYSTEM);
  }

  /** Links that look names up in their own way. */
  StsLinks(
      StsConfig config, LongSupplier nanos, InstantSource wall, RandomGenerator random, Dns dns) {
    this.config = config;
    this.nanos = nanos;
    this.wall = wall;
    this.random = random;
    this.pool = Executors.newFixedThreadPool(THREADS, task -> thread("sts-link", task));
    this.timers = new ScheduledThreadPoolExecutor(1, task -> thread("sts-timer", task));
    timers.setRemoveOnCancelPolicy(true);
    this.client = client(config, dns);
  }

  private static Thread thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private static OkHttpClient client(StsConfig config, Dns dns) {
    Dispatcher dispatcher = new Dispatcher();
    dispatcher.setMaxRequests(MOST_CONNECTIONS);
    dispatcher.setMaxRequestsPerHost(MOST_CONNECTIONS);
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            // A redirect would carry the token to a host that nobody has set.
            .followRedirects(false)
            .followSslRedirects(false)
            .dns(dns)
            // Counts for each address of a name: the first may be dead, and the link's own limit
            // covers them all.
            .connectTimeout(config.connectTimeout().dividedBy(ADDRESSES_IN_TIME))
            .readTimeout(0, TimeUnit.MILLISECONDS)
            .writeTimeout(0, TimeUnit.MILLISECONDS)
            // Base64 of compressed sound gains nothing, and what is not compressed cannot swell.
            .addInterceptor(
                chain ->
                    chain.proceed(
                        chain
                            .request()
                            .newBuilder()
                            .removeHeader("Sec-WebSocket-Extensions")
                            .build()));
    if (config.caFile() != null) {
      TrustedCertificates trusted = TrustedCertificates.withFile(config.caFile());
      builder.sslSocketFactory(trusted.sockets(), trusted.manager());
    }
    return builder.build();
  }

  /**
   * Opens a stream's link: begins to connect and returns at once. The service being away is no
   * error.
   *
   * @param streamId 1 to 64 letters, digits, {@code -} and {@code _}
   * @throws IllegalArgumentException if the stream id is another
   */
  public StsLink open(String streamId, StsSession session, StsObserver observer) {
    if (!STREAM_ID.matcher(streamId).matches()) {
      throw new IllegalArgumentException(
          "streamId is \"%s\", expected 1 to 64 letters, digits, - and _".formatted(streamId));
    }
    SerialLink link = new SerialLink(streamId, session, observer, this);
    open.add(link);
    link.ended().thenRun(() -> open.remove(link));
    return link;
  }

  /** What the service is told that a stream's worker is called. */
  static String workerId(String streamId) {
    return "worker-" + streamId;
  }

  /** The same, as long as a header's value may be. */
  static String workerIdHeader(String streamId) {
    String id = workerId(streamId);
    return id.length() <= LONGEST_HEADER ? id : id.substring(0, LONGEST_HEADER);
  }

  /** Closes all links at once and waits until their threads are gone, 5 s at most. Idempotent. */
  @Override
  public void close() {
    open.forEach(StsLink::close);
    pool.shutdown();
    try {
      if (!pool.awaitTermination(5, TimeUnit.SECONDS)) {
        pool.shutdownNow();
      }
    } catch (InterruptedException e) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
    }
    timers.shutdownNow();
    client.dispatcher().cancelAll();
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }

  StsConfig config() {
    return config;
  }

  LongSupplier nanos() {
    return nanos;
  }

  InstantSource wall() {
    return wall;
  }

  DoubleSupplier random() {
    return random::nextDouble;
  }

  Supplier<String> fragmentIds() {
    return () -> UUID.randomUUID().toString();
  }

  Executor pool() {
    return pool;
  }

  ScheduledExecutorService timers() {
    return timers;
  }

  OkHttpClient client() {
    return client;
  }
}
