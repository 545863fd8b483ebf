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
  private static final Duration FIRST_OPEN_LIMIT = Duration.ofSeconds(5);
  private static final Duration AFTER_GONE = Duration.ofSeconds(1);
  private static final long HELD_BACK_NANOS = 1_000_000;
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
  private final KeyframeWatch keyframes = new KeyframeWatch();
  private boolean heldBack;
  private boolean ending;
  private boolean over;
  private boolean tryNow;
  private boolean gone;
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
        Duration limit = opened ? options.grace() : firstOpenLimit(options.grace());
        if (!pause(attempt, lostNanos + limit.toNanos())) {
          break;
        }
      }
    } catch (InterruptedException e) {
      log.debug("reader interrupted");
    } finally {
      finish();
    }
  }

  /** A source that was never there has no grace: a hook may tell of what does not exist. */
  private static Duration firstOpenLimit(Duration grace) {
    return grace.compareTo(FIRST_OPEN_LIMIT) < 0 ? grace : FIRST_OPEN_LIMIT;
  }

  /** Nothing is read any more: a source that comes from now on is another session's. */
  private void finish() {
    lock.lock();
    try {
      over = true;
    } finally {
      lock.unlock();
    }
    try {
      cutter.endStretch();
    } finally {
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
    Source.Opening next =
        new Source.Opening(
            new SourceOptions(OPEN_LIMIT, options.stall()), new SourceEvents(listener));
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
        accept(packet, source.video(), source.audio());
        packet = source.read();
      }
    } catch (MediaException e) {
      reason = String.valueOf(e.getMessage());
    } finally {
      unregister();
    }
    if (read) {
      intake.lost();
      keyframes.restart();
      cutter.endStretch();
      line.lost();
    }
    if (!isEnding()) {
      lastReason = reason;
      logLoss(read, reason);
      listener.sourceLost(reason);
    }
    return read;
  }

  /** One line for the loss; tries that fail because nobody publishes are not worth one each. */
  private void logLoss(boolean read, String reason) {
    if (read) {
      log.info("source lost: {}; trying to reopen it for {}", reason, options.grace());
    } else if (isGone()) {
      log.debug("cannot open the source, nobody publishes: {}", reason);
    } else {
      log.info("cannot open the source: {}", reason);
    }
  }

  /**
   * @param packet taken over
   * @param video the video's format, the source's; null while it is not known
   * @param audio the audio's format, the source's; null while it is not known
   */
  void accept(Packet packet, @Nullable TrackFormat video, @Nullable TrackFormat audio)
      throws InterruptedException {
    long nowNanos = System.nanoTime();
    ReleaseClock release = clock.getNow(null);
    long elapsedUs = release == null ? 0 : release.elapsedUs(nowNanos);
    TrackKind kind = packet.kind();
    listener.read(kind == TrackKind.VIDEO, packet.size());
    TrackFormat format = kind == TrackKind.VIDEO ? video : audio;
    if (format == null) {
      packet.close();
      listener.dropped(
          kind == TrackKind.VIDEO ? DropReason.BEFORE_KEYFRAME : DropReason.SOUND_UNDECODABLE, 1);
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
      watchKeyframes(packet, video != null, delayed.dtsUs());
      handedOver = true;
      put(delayed);
    } finally {
      if (!handedOver) {
        delayed.close();
      }
    }
  }

  private void watchKeyframes(Packet packet, boolean hasVideo, long dtsUs) {
    boolean key = packet.kind() == TrackKind.VIDEO && packet.key();
    if (keyframes.packet(hasVideo, key, dtsUs)) {
      listener.warning(
          StreamWarning.NO_KEYFRAME,
          keyframes.isMissing()
              ? "no keyframe in the video for "
                  + KeyframeWatch.LIMIT_US / 1_000_000
                  + " s: viewers that join now get audio alone"
              : null);
    }
  }

  /** Hands a packet to the delay line; waits while that is full. */
  private void put(Delayed delayed) throws InterruptedException {
    boolean full = line.isAtMaxBytes(heldBack);
    if (full != heldBack) {
      heldBack = full;
      listener.warning(
          StreamWarning.SOURCE_HELD_BACK,
          full
              ? "the delay line holds its limit of "
                  + (line.bytes() >> 20)
                  + " MiB: the source is read more slowly than it sends, lower its bitrate or the"
                  + " delay"
              : null);
    }
    long sinceNanos = System.nanoTime();
    line.put(delayed);
    long nanos = System.nanoTime() - sinceNanos;
    if (nanos > HELD_BACK_NANOS) {
      listener.heldBack(nanos);
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

  /**
   * Waits before the next try.
   *
   * @param endNanos when the grace is over, monotonic clock
   * @return false when reading is over; {@link #sourceAvailable} gives false from then on
   */
  private boolean pause(int attempt, long endNanos) throws InterruptedException {
    long seconds = Math.min(MAX_BACKOFF_SECONDS, 1L << Math.min(attempt - 1, 10));
    lock.lockInterruptibly();
    try {
      // Whoever said during the last try that the source is there is right: that try came too soon.
      long left = Math.min(endNanos - System.nanoTime(), TimeUnit.SECONDS.toNanos(seconds));
      boolean inGrace = left > 0;
      while (left > 0 && !ending && !tryNow) {
        left = changed.awaitNanos(left);
      }
      over = ending || (!inGrace && !tryNow);
      tryNow = false;
      return !over;
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

  private boolean isGone() {
    lock.lock();
    try {
      return gone;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Somebody says that the source is there: it is tried at once, after the try that runs now if
   * there is one. Any thread.
   *
   * @return false when nothing is read any more: whoever reads this source is another session
   */
  boolean sourceAvailable() {
    lock.lock();
    try {
      if (over || ending) {
        return false;
      }
      gone = false;
      tryNow = true;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Somebody says that the source is gone: reading goes on while bytes come, but waits no longer
   * than a second. Any thread.
   */
  void sourceGone() {
    lock.lock();
    try {
      gone = true;
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
