package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceAddress;
import babelmux.media.SourceOptions;
import babelmux.media.TrackKind;
import babelmux.worker.config.Durations;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a stream's source for as long as the session lives: opens it, gives its packets to an
 * {@link Ingest}, and tries it again for the grace when it is lost. Runs on its own thread.
 */
final class SourceReader implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(SourceReader.class);
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(5);
  private static final Duration AFTER_GONE = Duration.ofSeconds(1);
  private static final long HELD_BACK_NANOS = 1_000_000;
  private static final long ROOM_TICK_NANOS = 200_000_000;

  private final SourceLocator locator;
  private final SessionOptions options;
  private final Ingest ingest;
  private final LiveTiming timing;
  private final SessionListener listener;
  private final ReadGather gather;
  private final LongSupplier clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final SourceWatch watch;
  private final SourceRetry retry;
  private boolean heldBack;
  private boolean gone;
  // The thread that looks for the source's address now, which takes a while.
  private @Nullable Thread locating;
  private Source.@Nullable Opening opening;
  private @Nullable Source current;

  private @Nullable String lastReason;

  /**
   * @param locator where the source is
   * @param ingest gets the packets
   * @param timing tells where the last packet was placed
   * @param gather says when to rest, so that several packets are read at one go
   * @param clock monotonic, nanoseconds
   */
  SourceReader(
      SourceLocator locator,
      SessionOptions options,
      Ingest ingest,
      LiveTiming timing,
      SessionListener listener,
      ReadGather gather,
      LongSupplier clock) {
    this.locator = locator;
    this.options = options;
    this.ingest = ingest;
    this.timing = timing;
    this.listener = listener;
    this.gather = gather;
    this.clock = clock;
    this.watch = new SourceWatch(listener, options.delay());
    this.retry = new SourceRetry(options.grace(), options.firstOpen(), clock.getAsLong());
  }

  @Override
  public void run() {
    try {
      boolean again = !isEnding();
      while (again) {
        again = pause(readOnce());
      }
    } catch (InterruptedException e) {
      log.debug("reader interrupted");
    } finally {
      finish();
    }
  }

  private void finish() {
    lock.lock();
    try {
      retry.finish();
    } finally {
      lock.unlock();
    }
    ingest.sourceLost();
  }

  /**
   * The reason that the source was last lost or not opened; null if it never was. For after the end
   * of the thread.
   */
  @Nullable String lastReason() {
    return lastReason;
  }

  /** One connection to the source; tells whether anything was read. */
  private boolean readOnce() throws InterruptedException {
    boolean read = false;
    String reason = "the source has ended";
    try (Source source = open()) {
      if (source == null) {
        return false;
      }
      register(source);
      Packet packet = source.read();
      if (packet != null) {
        listener.sourceFound(retry.isOpened());
        listener.warning(StreamWarning.NO_SOURCE, null);
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
      watch.restart();
      ingest.sourceLost();
    }
    if (!isEnding()) {
      logLoss(read, reason);
      lastReason = reason;
      listener.sourceLost(reason);
      if (!read && waitsForever()) {
        listener.warning(
            StreamWarning.NO_SOURCE,
            "the source has not been read since the stream was started and is tried up to 30 s"
                + " apart: "
                + reason);
      }
    }
    return read;
  }

  private boolean waitsForever() {
    return !retry.isOpened() && options.firstOpen().equals(SessionOptions.FOREVER);
  }

  /** One line for the loss; tries that fail because nobody publishes are not worth one each. */
  private void logLoss(boolean read, String reason) {
    if (read) {
      log.info(
          "source lost: {}{}",
          reason,
          options.grace().isZero()
              ? ""
              : "; trying to open it again for " + Durations.format(options.grace()));
    } else if (isGone()) {
      log.debug("cannot open the source, nobody publishes: {}", reason);
    } else if (waitsForever() && reason.equals(lastReason)) {
      log.debug("still cannot open the source: {}", reason);
    } else {
      log.info("cannot open the source: {}", reason);
    }
  }

  /** The source, or null when nothing is to be read any more. */
  private @Nullable Source open() throws MediaException, InterruptedException {
    SourceAddress address = locate();
    if (address == null) {
      return null;
    }
    Source.Opening next =
        new Source.Opening(
            new SourceOptions(OPEN_LIMIT, options.stall()),
            new SourceEvents(listener, ingest::announced));
    if (!register(next)) {
      next.discard();
      return null;
    }
    Source source = next.open(address);
    locator.opened();
    return source;
  }

  /** The source's address, or null when nothing is to be read any more. */
  private @Nullable SourceAddress locate() throws MediaException, InterruptedException {
    if (!setLocating(Thread.currentThread())) {
      return null;
    }
    try {
      return locator.locate();
    } finally {
      setLocating(null);
    }
  }

  /** Returns false when reading ends; an interrupt of the look-up does not outlive it. */
  private boolean setLocating(@Nullable Thread thread) {
    lock.lock();
    try {
      boolean ending = retry.isEnding();
      if (locating != null && ending) {
        boolean interrupted = Thread.interrupted();
        log.debug("look-up ended{}", interrupted ? " by an interrupt" : "");
      }
      locating = ending ? null : thread;
      return !ending;
    } finally {
      lock.unlock();
    }
  }

  private void accept(Packet packet, Source source) throws InterruptedException {
    boolean video = packet.kind() == TrackKind.VIDEO;
    boolean key = video && packet.key();
    long readNanos = clock.getAsLong();
    boolean room = ingest.accept(packet, video ? source.video() : source.audio(), readNanos);
    watch.packet(source.video() != null, video, key, timing.placedUs());
    watchBytes();
    if (!room) {
      awaitRoom();
    }
    TimeUnit.NANOSECONDS.sleep(gather.restNanos(timing.placedUs(), readNanos));
    gather.reads(clock.getAsLong());
  }

  private void watchBytes() {
    boolean full = ingest.isAtMaxBytes(heldBack);
    if (full != heldBack) {
      heldBack = full;
      listener.warning(
          StreamWarning.SOURCE_HELD_BACK,
          full
              ? "the delay line holds its limit of "
                  + (ingest.waitingBytes() >> 20)
                  + " MiB: the source is read more slowly than it sends, lower its bitrate or the"
                  + " delay"
              : null);
    }
  }

  private void awaitRoom() throws InterruptedException {
    long sinceNanos = clock.getAsLong();
    while (ingest.isFull()) {
      timing.room().await(ROOM_TICK_NANOS);
    }
    long nanos = clock.getAsLong() - sinceNanos;
    if (nanos > HELD_BACK_NANOS) {
      listener.heldBack(nanos);
    }
  }

  private boolean register(Source.Opening next) {
    lock.lock();
    try {
      opening = retry.isEnding() ? null : next;
      return !retry.isEnding();
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
   * @param read whether anything was read since the last one
   * @return false when reading is over; {@link #sourceAvailable} gives false from then on
   */
  private boolean pause(boolean read) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      retry.lost(read, clock.getAsLong());
      for (long left = left(); left > 0; left = left()) {
        changed.awaitNanos(left);
      }
      return retry.next();
    } finally {
      lock.unlock();
    }
  }

  private long left() {
    return retry.waitNanos(clock.getAsLong());
  }

  private boolean isEnding() {
    lock.lock();
    try {
      return retry.isEnding();
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
      boolean tried = retry.available();
      if (tried) {
        gone = false;
        changed.signalAll();
      }
      return tried;
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
      retry.end();
      if (locating != null) {
        locating.interrupt();
      }
      if (opening != null) {
        opening.interrupt();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
