package babelmux.worker.streams;

import babelmux.hooks.ControlApi;
import babelmux.hooks.ControlApiException;
import babelmux.hooks.PathListing;
import babelmux.hooks.PathPattern;
import babelmux.hooks.Reconciliation;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares MediaMTX's list of streams with ours, at the start and again and again: hooks get lost.
 * A Control API that does not answer is told once and shown as degraded; the hooks work on without
 * it. Has one thread of its own.
 */
public final class Reconciler implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

  private final ControlApi api;
  private final PathPattern paths;
  private final StreamRegistry registry;
  private final Duration interval;
  private final Thread thread;
  private volatile @Nullable String trouble;

  /**
   * @param api closed with this
   * @param interval time between two comparisons; positive
   */
  public Reconciler(ControlApi api, PathPattern paths, StreamRegistry registry, Duration interval) {
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

  /** Why the Control API cannot be asked; empty while it can. */
  public Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  private void run() {
    try {
      while (true) {
        compare();
        Thread.sleep(interval.toMillis());
      }
    } catch (InterruptedException e) {
      log.debug("reconciler ended");
    }
  }

  private void compare() throws InterruptedException {
    long askedAtNanos = System.nanoTime();
    try {
      PathListing listing = api.paths();
      registry.reconcile(
          Reconciliation.of(listing, registry.forReconciliation(askedAtNanos), paths, askedAtNanos),
          askedAtNanos);
      if (trouble != null) {
        log.info("the Control API answers again");
        trouble = null;
      }
    } catch (ControlApiException e) {
      if (trouble == null) {
        log.warn("the Control API does not answer, only hooks tell of streams: {}", e.getMessage());
      }
      trouble = String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      log.error("comparing with the Control API failed", e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    api.close();
  }
}
