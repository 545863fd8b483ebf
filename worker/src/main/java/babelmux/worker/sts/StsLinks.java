package babelmux.worker.sts;

import babelmux.worker.sts.link.LinkRuntime;
import babelmux.worker.sts.link.SerialLink;
import babelmux.worker.sts.wire.ClientMessage;
import babelmux.worker.sts.wire.StsConnector;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The links of a worker to its STS service, one per stream. What links decide runs on two shared
 * threads and one timer. Beside these each link costs two threads of the libraries while it is
 * connected: OkHttp reads a WebSocket with blocking calls, and engine.io's client makes a timer for
 * the pings of each connection, which it takes from nobody. Both wait nearly always. Thread-safe;
 * whoever makes it closes it, which closes all links.
 */
public final class StsLinks implements AutoCloseable {
  private static final Pattern STREAM_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int THREADS = 2;

  private final ExecutorService pool;
  private final ScheduledThreadPoolExecutor timers;
  private final StsConnector connector;
  private final LinkRuntime runtime;
  private final Set<SerialLink> open = ConcurrentHashMap.newKeySet();

  /** Held so that each link either begins with another token or is told of it. */
  private final Object tokens = new Object();

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
    this(config, nanos, wall, random, host -> List.of(InetAddress.getAllByName(host)));
  }

  /** Links that look names up in their own way. */
  StsLinks(
      StsConfig config,
      LongSupplier nanos,
      InstantSource wall,
      RandomGenerator random,
      StsConnector.Resolver resolver) {
    this.pool = Executors.newFixedThreadPool(THREADS, task -> thread("sts-link", task));
    this.timers = new ScheduledThreadPoolExecutor(1, task -> thread("sts-timer", task));
    timers.setRemoveOnCancelPolicy(true);
    this.connector = new StsConnector(config, timers, resolver);
    this.runtime =
        new LinkRuntime(config, nanos, wall, random::nextDouble, pool, timers, connector);
  }

  private static Thread thread(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
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
    SerialLink link;
    synchronized (tokens) {
      link = new SerialLink(streamId, session, observer, runtime);
      open.add(link);
    }
    link.ended().thenRun(() -> open.remove(link));
    return link;
  }

  /**
   * Connects as a link would, and hangs up: tells whether the service can be reached.
   *
   * @param streamId as of {@link #open}
   * @return completes within the connect timeout of the settings, never exceptionally, on a thread
   *     that must not be blocked
   */
  public CompletableFuture<StsReach> reach(String streamId) {
    return connector.reach(streamId);
  }

  /** An upper bound of the length of the message that carries so much audio, bytes. */
  public static long messageBytes(int audioBytes) {
    return ClientMessage.FragmentData.wireBytes(audioBytes);
  }

  /**
   * Sends another token, from the next connection of each link on; null sends none. Links whose
   * token was refused connect again. The token that is sent anyway changes nothing.
   */
  public void token(@Nullable String token) {
    synchronized (tokens) {
      if (connector.token(token)) {
        open.forEach(SerialLink::tokenChanged);
      }
    }
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
    connector.close();
  }
}
