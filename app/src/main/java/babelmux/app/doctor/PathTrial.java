package babelmux.app.doctor;

import babelmux.hooks.ControlApiClient;
import babelmux.hooks.ControlApiException;
import babelmux.hooks.ListedPath;
import babelmux.worker.readback.OutputReader;
import babelmux.worker.readback.Reading;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to one path for 4 s, and reads what comes out of it. Blocks, 10 s at most; answers an
 * interrupt.
 */
final class PathTrial {
  /** With an API that does not answer any more, and the end, no more than 10 s. */
  static final Duration LIMIT = Duration.ofMillis(7_500);

  private static final Duration END_LIMIT = Duration.ofMillis(800);
  private static final long MIN_SENT_MS = 4_000;
  private static final long TICK_MILLIS = 50;
  private static final int TICKS_PER_LISTING = 4;

  /** Without an API a path is taken for available when so much was sent. */
  private static final long READY_MS = 1_500;

  private static final OutputReader.Limits READ_LIMITS =
      new OutputReader.Limits(
          Duration.ofSeconds(4),
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          Duration.ofMillis(1_500));

  private final ExecutorService threads;
  private final Target target;
  private final BooleanSupplier isComplete;
  private @Nullable ControlApiClient api;

  /**
   * @param publishUrl with its credentials
   * @param readUrl with its credentials
   * @param path as MediaMTX names it
   */
  record Target(String publishUrl, String readUrl, String path) {
    @Override
    public String toString() {
      return path;
    }
  }

  /**
   * What was seen.
   *
   * @param failure why the publish ended; null when nothing ended it
   * @param listed whether the Control API was there to tell of the path
   * @param ready whether the path became available, as far as that is told
   * @param taken whether somebody else publishes there
   * @param reading what a reader got; null when none was tried, or it says nothing
   */
  record Sight(
      TestPublisher.@Nullable Failure failure,
      boolean listed,
      boolean ready,
      boolean taken,
      @Nullable Reading reading) {}

  /**
   * @param api null when it gives no usable answer; stays the caller's
   * @param isComplete whether nothing else is waited for
   */
  PathTrial(
      ExecutorService threads,
      Target target,
      @Nullable ControlApiClient api,
      BooleanSupplier isComplete) {
    this.threads = threads;
    this.target = target;
    this.api = api;
    this.isComplete = isComplete;
  }

  Sight run() throws InterruptedException {
    TestPublisher publisher = new TestPublisher(target.publishUrl());
    Future<?> publishing = threads.submit(publisher);
    OutputReader reader = null;
    Future<@Nullable Reading> reading = null;
    boolean ready = false;
    try {
      long endNanos = System.nanoTime() + LIMIT.toNanos();
      for (int tick = 0; System.nanoTime() - endNanos < 0; tick++) {
        if (publisher.failure() != null) {
          break;
        }
        if (!ready && tick % TICKS_PER_LISTING == 0) {
          ready = isReady(publisher);
        }
        if (ready && reader == null) {
          reader = new OutputReader(target.readUrl(), READ_LIMITS);
          reading = threads.submit(reading(reader, publisher));
        }
        boolean sent = publisher.sentMs() >= MIN_SENT_MS;
        if (sent && reading != null && reading.isDone() && isComplete.getAsBoolean()) {
          break;
        }
        Thread.sleep(TICK_MILLIS);
      }
      boolean taken = publisher.failure() != null && isListed();
      return new Sight(publisher.failure(), api != null, ready, taken, result(reading, publisher));
    } finally {
      if (reader != null) {
        reader.interrupt();
      }
      publisher.stop();
      await(publishing, publisher);
    }
  }

  private static Callable<@Nullable Reading> reading(OutputReader reader, TestPublisher publisher) {
    return () -> reader.read(publisher::watchSent, true, true);
  }

  private boolean isReady(TestPublisher publisher) throws InterruptedException {
    return api == null ? publisher.sentMs() >= READY_MS : publisher.sentMs() >= 0 && isListed();
  }

  private boolean isListed() throws InterruptedException {
    ControlApiClient asked = api;
    if (asked == null) {
      return false;
    }
    try {
      return asked.paths().paths().stream()
          .filter(ListedPath::ready)
          .anyMatch(path -> path.name().equals(target.path()));
    } catch (ControlApiException e) {
      api = null;
      return false;
    }
  }

  /** A reading that was ended with the publish says nothing. */
  private static @Nullable Reading result(
      @Nullable Future<@Nullable Reading> reading, TestPublisher publisher)
      throws InterruptedException {
    if (reading == null || !reading.isDone() || publisher.failure() != null) {
      return null;
    }
    try {
      return reading.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void await(Future<?> publishing, TestPublisher publisher)
      throws InterruptedException {
    try {
      publishing.get(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      publisher.abort();
    }
  }
}
