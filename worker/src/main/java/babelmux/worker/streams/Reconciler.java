package babelmux.worker.streams;

import babelmux.hooks.ControlApiClient;
import babelmux.hooks.ControlApiException;
import babelmux.hooks.PathListing;
import babelmux.hooks.PathPattern;
import babelmux.hooks.Reconciliation;
import babelmux.hooks.TestStreams;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares MediaMTX's list of streams with ours, at the start and again and again: hooks get lost.
 * A Control API that does not answer is told once, shown as degraded and asked twice a second until
 * something answers; the hooks work on without it. Notices other workers that publish to our
 * outputs. Has one thread of its own.
 */
public final class Reconciler implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

  // A destination waits at least 0.9 s before it is tried again; both must fit into that.
  private static final long TICK_MILLIS = 200;
  private static final long BETWEEN_LISTINGS_MILLIS = 300;
  private static final Duration WHEN_MISSED = Duration.ofSeconds(1);
  // A server that was started again is to be noticed before anybody misses it.
  private static final Duration WHILE_SILENT = Duration.ofMillis(500);

  private final ControlApiClient api;
  private final PathPattern paths;
  private final TestStreams tests;
  private final StreamRegistry registry;
  private final Duration interval;
  private final boolean asksQueries;
  private final Thread thread;
  private final CountDownLatch compared = new CountDownLatch(1);
  private final OutputConflicts conflicts = new OutputConflicts();
  // Since the last comparison; the thread's own.
  private boolean missed;
  // Nothing answered when the API was asked last; the thread's own.
  private boolean silent;
  private volatile boolean closed;
  private volatile @Nullable ControlApiException failure;

  /**
   * @param api closed with this
   * @param tests streams of doctor, which are noted and not started
   * @param interval time between two comparisons; positive
   * @param asksQueries whether the queries of sources that no hook told of are asked for: one more
   *     request for each
   */
  public Reconciler(
      ControlApiClient api,
      PathPattern paths,
      TestStreams tests,
      StreamRegistry registry,
      Duration interval,
      boolean asksQueries) {
    this.tests = tests;
    this.asksQueries = asksQueries;
    this.api = api;
    this.paths = paths;
    this.registry = registry;
    this.interval = interval;
    this.thread = new Thread(this::run, "reconciler");
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** Waits until it has compared once, or could not, or until the limit has passed. */
  public void awaitFirst(Duration limit) throws InterruptedException {
    if (!compared.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      log.debug("the first comparison takes its time");
    }
  }

  /** Asks another Control API, or with other credentials, from the next request on. */
  public void use(URI apiUrl) {
    api.use(apiUrl);
  }

  /** The reason that the Control API gives no usable answer; empty while it does. */
  public Optional<ControlApiException> failure() {
    return Optional.ofNullable(failure);
  }

  private void run() {
    try {
      long lastNanos = System.nanoTime() - interval.toNanos();
      while (true) {
        if (System.nanoTime() - lastNanos >= untilNext().toNanos()) {
          surviving("comparing with the Control API", this::compare);
          compared.countDown();
          lastNanos = System.nanoTime();
        }
        surviving("looking for other publishers", this::findConflicts);
        Thread.sleep(Math.min(TICK_MILLIS, interval.toMillis()));
      }
    } catch (InterruptedException e) {
      log.debug("reconciler ended");
    }
  }

  /** A source that was missed, by an eviction or while the worker drained, is found soon. */
  private Duration untilNext() {
    missed |= registry.takeSourcesMissed();
    Duration next = silent ? WHILE_SILENT : missed ? WHEN_MISSED : interval;
    return next.compareTo(interval) < 0 ? next : interval;
  }

  /** One thing to do. */
  private interface Step {
    void run() throws InterruptedException;
  }

  private void surviving(String what, Step step) throws InterruptedException {
    try {
      step.run();
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      if (closed) {
        // The API's client is closed, too.
        throw new InterruptedException();
      }
      log.error("{} failed", what, e);
    }
  }

  /** Asks MediaMTX who publishes where our connection was lost, and gives up what is another's. */
  private void findConflicts() throws InterruptedException {
    conflicts.keep(registry.ids());
    Set<OutputOutage> outages = registry.outages();
    outages.removeIf(conflicts::knows);
    if (outages.isEmpty()) {
      return;
    }
    try {
      PathListing first = api.paths();
      Thread.sleep(BETWEEN_LISTINGS_MILLIS);
      PathListing second = api.paths();
      outages.retainAll(registry.outages());
      conflicts.judge(outages, first, second).forEach(registry::giveUp);
    } catch (ControlApiException e) {
      failed(e);
    }
  }

  private void compare() throws InterruptedException {
    long askedAtNanos = System.nanoTime();
    missed = false;
    try {
      PathListing listing = tests.without(api.paths(), paths);
      Reconciliation difference =
          Reconciliation.of(listing, registry.forReconciliation(askedAtNanos), paths, askedAtNanos);
      registry.reconcile(asksQueries ? withQueries(difference) : difference, askedAtNanos);
      silent = false;
      if (failure != null) {
        log.info("the Control API answers again");
        failure = null;
        registry.serverAnswers();
      }
    } catch (ControlApiException e) {
      failed(e);
    }
  }

  /** As hooks would have told of them: a publisher may have chosen its destinations. */
  private Reconciliation withQueries(Reconciliation difference)
      throws ControlApiException, InterruptedException {
    List<Reconciliation.Candidate> start = new ArrayList<>();
    for (Reconciliation.Candidate candidate : difference.start()) {
      start.add(candidate.with(api.queryOf(candidate.sourceType(), candidate.sourceId())));
    }
    return new Reconciliation(start, difference.end(), difference.listed());
  }

  private void failed(ControlApiException now) {
    if (failure == null) {
      log.warn("the Control API does not answer, only hooks tell of streams: {}", now.getMessage());
    }
    failure = now;
    silent = now.status() == 0;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    api.close();
  }
}
