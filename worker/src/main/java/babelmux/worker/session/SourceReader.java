package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;
import babelmux.worker.timeline.ReleaseClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a stream's source for as long as the session lives: opens it, puts its packets into the
 * delay line and its sound into segments, and tries it again for the grace when it is lost. Runs on
 * its own thread.
 */
final class SourceReader implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(SourceReader.class);
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(5);
  private static final Duration AFTER_GONE = Duration.ofSeconds(1);
  private static final int MAX_BACKOFF_SECONDS = 8;

  private final String url;
  private final SessionOptions options;
  private final Intake intake;
  private final DelayLine line;
  private final SoundCutter cutter;
  private final SessionListener listener;
  private final CompletableFuture<@Nullable ReleaseClock> clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean ending;
  private boolean tryNow;
  private Source.@Nullable Opening opening;
  private @Nullable Source current;

  private @Nullable String lastReason;

  /**
   * @param clock completed with the release clock at the first packet
   */
  SourceReader(
      String url,
      SessionOptions options,
      Intake intake,
      DelayLine line,
      SoundCutter cutter,
      SessionListener listener,
      CompletableFuture<@Nullable ReleaseClock> clock) {
    this.url = url;
    this.options = options;
    this.intake = intake;
    this.line = line;
    this.cutter = cutter;
    this.listener = listener;
    this.clock = clock;
  }

  @Override
  public void run() {
    long lostNanos = System.nanoTime();
    int attempt = 0;
    boolean opened = false;
    try {
      while (!isEnding()) {
        boolean read = readOnce(opened);
        opened |= read;
        if (read) {
          lostNanos = System.nanoTime();
          attempt = 0;
        }
        attempt++;
        long left = options.grace().toNanos() - (System.nanoTime() - lostNanos);
        if (left <= 0 || !pause(attempt, left)) {
          break;
        }
      }
    } catch (InterruptedException e) {
      log.debug("reader interrupted");
    } finally {
      cutter.endStretch();
      line.lost();
    }
  }

  /**
   * Why the source was last lost or not opened; null if it never was. For after the end of the
   * thread.
   */
  @Nullable String lastReason() {
    return lastReason;
  }

  /** One connection to the source; tells whether anything was read. */
  private boolean readOnce(boolean again) throws InterruptedException {
    boolean read = false;
    String reason = "the source has ended";
    Source.Opening next = new Source.Opening(new SourceOptions(OPEN_LIMIT, options.stall()));
    if (!register(next)) {
      next.discard();
      return false;
    }
    try (Source source = next.open(url)) {
      register(source);
      Packet packet = source.read();
      if (packet != null) {
        listener.sourceFound(again);
        log.info("reading {}", source.name());
      }
      while (packet != null) {
        read = true;
        accept(packet, source);
        packet = source.read();
      }
    } catch (MediaException e) {
      reason = String.valueOf(e.getMessage());
    } finally {
      unregister();
    }
    if (read) {
      intake.lost();
      cutter.endStretch();
      line.lost();
    }
    if (!isEnding()) {
      lastReason = reason;
      log.info("source lost: {}", reason);
      listener.sourceLost(reason);
    }
    return read;
  }

  private void accept(Packet packet, Source source) throws InterruptedException {
    long nowNanos = System.nanoTime();
    ReleaseClock release = clock.getNow(null);
    long elapsedUs = release == null ? 0 : release.elapsedUs(nowNanos);
    TrackKind kind = packet.kind();
    listener.read(kind == TrackKind.VIDEO, packet.size());
    TrackFormat format = kind == TrackKind.VIDEO ? source.video() : source.audio();
    if (format == null) {
      packet.close();
      return;
    }
    Intake.Placed placed = intake.place(packet, format, elapsedUs, nowNanos);
    if (placed == null) {
      return;
    }
    Delayed delayed = placed.delayed();
    boolean handedOver = false;
    try {
      if (release == null) {
        release = new ReleaseClock(nowNanos, options.delay().toNanos());
        clock.complete(release);
        listener.buffering();
      } else if (placed.newStretch()) {
        release.restart(nowNanos);
        cutter.endStretch();
      }
      release.arrived(delayed.dtsUs(), nowNanos);
      if (delayed.isSound()) {
        cutter.sound(delayed);
      } else {
        cutter.picture(delayed.dtsUs());
      }
      handedOver = true;
      line.put(delayed);
    } finally {
      if (!handedOver) {
        delayed.close();
      }
    }
  }

  private boolean register(Source.Opening next) {
    lock.lock();
    try {
      opening = ending ? null : next;
      return !ending;
    } finally {
      lock.unlock();
    }
  }

  private void register(Source source) {
    lock.lock();
    try {
      current = source;
    } finally {
      lock.unlock();
    }
  }

  private void unregister() {
    lock.lock();
    try {
      opening = null;
      current = null;
    } finally {
      lock.unlock();
    }
  }

  /** Waits before the next try; false when reading is over. */
  private boolean pause(int attempt, long mostNanos) throws InterruptedException {
    long seconds = Math.min(MAX_BACKOFF_SECONDS, 1L << Math.min(attempt - 1, 10));
    long left = Math.min(mostNanos, TimeUnit.SECONDS.toNanos(seconds));
    lock.lockInterruptibly();
    try {
      while (left > 0 && !ending && !tryNow) {
        left = changed.awaitNanos(left);
      }
      tryNow = false;
      return !ending;
    } finally {
      lock.unlock();
    }
  }

  private boolean isEnding() {
    lock.lock();
    try {
      return ending;
    } finally {
      lock.unlock();
    }
  }

  /** Somebody says that the source is there: it is tried at once. Any thread. */
  void sourceAvailable() {
    lock.lock();
    try {
      tryNow = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Somebody says that the source is gone: reading goes on while bytes come, but waits no longer
   * than a second.
   */
  void sourceGone() {
    lock.lock();
    try {
      if (current != null) {
        current.limitReads(AFTER_GONE);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stops reading; what was read stays. Any thread. */
  void end() {
    lock.lock();
    try {
      ending = true;
      if (opening != null) {
        opening.interrupt();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** To be called when the thread has ended. */
  void close() {
    cutter.close();
  }
}
