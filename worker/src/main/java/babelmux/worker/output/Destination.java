package babelmux.worker.output;

import babelmux.media.MediaException;
import babelmux.media.Sink;
import babelmux.media.SinkOptions;
import babelmux.media.TrackFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One URL that the output is sent to, with its own bounded queue, thread and connection, so that a
 * slow or dead one costs the others nothing. It connects when the output begins, again and again if
 * it must, and starts each connection at a keyframe with headers. A file is never overwritten: each
 * connection to it is a new file.
 */
public final class Destination implements PacketSink, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Destination.class);
  private static final int REFUSALS_PER_LOG_LINE = 100;

  /** Half of the time after which MediaMTX disconnects a publisher that sends nothing. */
  private static final Duration KEEP_ALIVE_AFTER = Duration.ofSeconds(5);

  /** Opens what the packets are written to. */
  @FunctionalInterface
  interface SinkOpener {
    Sink open(String url, OutputFormats formats, SinkOptions options, Sink.Opening asked)
        throws MediaException;
  }

  private final String url;
  private final @Nullable Path file;
  private final String streamId;
  private final DestinationOptions options;
  private final DestinationListener listener;
  private final SinkOpener opener;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PacketQueue queue;
  // All that a queued packet or the connection may still need; closed when neither does.
  private final List<OutputFormats> kept = new ArrayList<>();
  private final DestinationRetry retry = new DestinationRetry();
  private @Nullable OutputFormats formats;
  private @Nullable OutputFormats connected;
  private boolean held;
  private boolean finishing;
  private boolean aborted;
  private Sink.@Nullable Opening opening;
  private DestinationState state = DestinationState.IDLE;
  private @Nullable String lastError;
  private long droppedElsewhere;
  private long refusedHere;
  private long bytes;
  private long connections;

  /**
   * @param streamId for the thread's name and the log
   * @param number counts the stream's destinations from 0
   */
  public Destination(
      String streamId,
      int number,
      String url,
      DestinationOptions options,
      DestinationListener listener) {
    this(streamId, number, url, options, listener, Destination::openSink);
  }

  Destination(
      String streamId,
      int number,
      String url,
      DestinationOptions options,
      DestinationListener listener,
      SinkOpener opener) {
    this.url = url;
    this.file = NewFile.pathOf(url);
    this.streamId = streamId;
    this.options = options;
    this.listener = listener;
    this.opener = opener;
    this.queue = new PacketQueue(options.maxQueueBytes(), options.maxQueueSpan().toNanos() / 1000);
    this.thread = new Thread(this::run, "sink-" + streamId + "-" + number);
    thread.setDaemon(true);
    thread.start();
  }

  private static Sink openSink(
      String url, OutputFormats formats, SinkOptions options, Sink.Opening asked)
      throws MediaException {
    return Sink.open(url, formats.video(), formats.audio(), options, asked);
  }

  /**
   * Does not connect before {@code turn} is complete: another publisher is still on the URL. What
   * is written until then waits in the queue. Before {@link #begin}; does not block.
   */
  public void connectAfter(CompletableFuture<?> turn) {
    lock.lock();
    try {
      held = true;
    } finally {
      lock.unlock();
    }
    turn.whenComplete((result, failure) -> connectNow());
  }

  private void connectNow() {
    lock.lock();
    try {
      held = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Never blocks. */
  @Override
  public void begin(OutputFormats next) {
    lock.lock();
    try {
      OutputFormats before = formats;
      if (aborted || (before != null && before.isSameAs(next))) {
        return;
      }
      if (before != null && !canGoOn(before, next)) {
        queue.awaitKeyVideo();
      }
      formats = next.copy();
      kept.add(formats);
      closeUnused();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether a connection of the one formats can go on with the other. */
  private boolean canGoOn(OutputFormats before, OutputFormats next) {
    return before.equals(next) || (Sink.takesNewHeaders(url) && before.differsInVideoHeaders(next));
  }

  private void closeUnused() {
    kept.removeIf(
        old -> {
          boolean unused = !old.equals(formats) && !old.equals(connected) && !queue.uses(old);
          if (unused) {
            old.close();
          }
          return unused;
        });
  }

  /** Never blocks; shares the packet. */
  @Override
  public void write(OutputPacket packet) {
    lock.lock();
    try {
      OutputFormats current = formats;
      if (aborted || finishing || current == null) {
        return;
      }
      if (state == DestinationState.DOWN) {
        // What waited through an outage would come too late.
        restartQueue();
        dropped(DestinationDrop.DISCONNECTED, 1);
        return;
      }
      long before = queue.dropped();
      queue.add(new QueuedPacket(packet.share(), current));
      if (queue.dropped() > before) {
        listener.dropped(DestinationDrop.QUEUE_FULL, queue.dropped() - before);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void dropped(DestinationDrop reason, long packets) {
    droppedElsewhere += packets;
    listener.dropped(reason, packets);
  }

  private void restartQueue() {
    long before = queue.dropped();
    queue.restart();
    if (queue.dropped() > before) {
      listener.dropped(DestinationDrop.DISCONNECTED, queue.dropped() - before);
    }
  }

  private void run() {
    MDC.put("stream", streamId);
    try {
      while (awaitWork()) {
        try {
          serve();
        } catch (MediaException e) {
          down(String.valueOf(e.getMessage()));
        } catch (Throwable e) {
          // Whatever it was, this destination is tried again, and its state tells.
          log.error("the destination's thread failed", e);
          down("internal error: " + e);
        }
      }
    } catch (Throwable e) {
      log.error("the destination's thread ended", e);
    } finally {
      end();
    }
  }

  /** Waits until there is something to connect for; false when it is over. */
  private boolean awaitWork() {
    lock.lock();
    try {
      while (!aborted && (held || (!finishing && queue.isEmpty()))) {
        changed.awaitUninterruptibly();
      }
      return !aborted && !queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** One connection's life, until the formats need another or it is over. */
  private void serve() throws MediaException {
    OutputFormats current;
    Sink.Opening asked;
    lock.lock();
    try {
      QueuedPacket first = queue.peek();
      if (first == null || aborted) {
        return;
      }
      retry.begin();
      current = first.formats();
      connected = current;
      asked = new Sink.Opening();
      opening = asked;
      state = DestinationState.CONNECTING;
    } finally {
      lock.unlock();
    }
    try (asked;
        Sink sink = open(current, asked)) {
      long since = System.nanoTime();
      if (countConnection() > 1) {
        listener.connectedAgain();
      }
      log.info("connected to {}", sink.name());
      transmit(sink, current, since);
      linger();
      sink.finish();
    } finally {
      lock.lock();
      try {
        opening = null;
        connected = null;
      } finally {
        lock.unlock();
      }
    }
  }

  private Sink open(OutputFormats current, Sink.Opening asked) throws MediaException {
    Path wanted = file;
    if (wanted == null) {
      return opener.open(url, current, options.sink(), asked);
    }
    try {
      Path created = NewFile.create(wanted);
      try {
        return opener.open(created.toString(), current, options.sink(), asked);
      } catch (MediaException e) {
        NewFile.removeEmpty(created);
        throw e;
      }
    } catch (MediaException e) {
      throw e;
    } catch (IOException e) {
      throw new MediaException(MediaException.Kind.IO, "cannot make a file: " + e);
    }
  }

  private void transmit(Sink sink, OutputFormats begun, long sinceNanos) throws MediaException {
    OutputFormats current = begun;
    while (true) {
      while (!awaitPacket()) {
        // Where there is audio, a long gap is filled with silence.
        if (current.audio() == null) {
          sink.keepAlive();
        }
      }
      QueuedPacket next = take(current);
      if (next == null) {
        return;
      }
      try (OutputPacket packet = next.packet()) {
        TrackFormat video = next.formats().video();
        if (!next.formats().equals(current) && video != null) {
          sink.changeVideo(video);
          log.info("video goes on as {}", video);
        }
        current = next.formats();
        if (sink.write(packet.packet(), packet.ptsUs(), packet.dtsUs())) {
          progress(packet, System.nanoTime() - sinceNanos);
        } else {
          refused(String.valueOf(sink.lastRefusal()));
        }
      }
    }
  }

  private void refused(String reason) {
    long count;
    lock.lock();
    try {
      count = refusedHere++;
      lastError = "packet dropped: " + reason;
      dropped(DestinationDrop.MUXER_REFUSED, 1);
    } finally {
      lock.unlock();
    }
    if (count % REFUSALS_PER_LOG_LINE == 0) {
      log.warn("the muxer refused a packet, the connection goes on: {}", reason);
    }
  }

  /** At the end of the stream only: lets the other side pass on what it has. */
  private void linger() {
    long left = file == null ? options.linger().toNanos() : 0;
    lock.lock();
    try {
      while (left > 0 && finishing && !aborted) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      aborted = true;
    } finally {
      lock.unlock();
    }
  }

  private void progress(OutputPacket packet, long upNanos) {
    lock.lock();
    try {
      bytes += packet.packet().size();
      if (state == DestinationState.CONNECTING && upNanos >= options.upAfter().toNanos()) {
        state = DestinationState.UP;
        lastError = null;
        retry.up();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a packet or the end; false when neither came in time. */
  private boolean awaitPacket() {
    lock.lock();
    try {
      long left = KEEP_ALIVE_AFTER.toNanos();
      while (left > 0 && queue.isEmpty() && !aborted && !finishing) {
        left = changed.awaitNanos(left);
      }
      return left > 0;
    } catch (InterruptedException e) {
      aborted = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The next packet to write, or null when there is none and this connection is over. */
  private @Nullable QueuedPacket take(OutputFormats current) {
    lock.lock();
    try {
      // What awaitPacket() saw may have been dropped since, to make room for what is newer.
      while (queue.isEmpty() && !aborted && !finishing) {
        changed.awaitUninterruptibly();
      }
      QueuedPacket next = queue.peek();
      if (aborted || next == null || !canGoOn(current, next.formats())) {
        return null;
      }
      connected = next.formats();
      return queue.poll();
    } finally {
      lock.unlock();
    }
  }

  private void down(String reason) {
    long waitNanos;
    lock.lock();
    try {
      if (aborted) {
        return;
      }
      state = DestinationState.DOWN;
      lastError = reason;
      restartQueue();
      waitNanos = retry.failed(System.nanoTime(), ThreadLocalRandom.current()::nextDouble);
    } finally {
      lock.unlock();
    }
    log.warn("destination down, next try in {} ms: {}", waitNanos / 1_000_000, reason);
    lock.lock();
    try {
      for (long left = retryNanos(); left > 0 && !aborted && !finishing; left = retryNanos()) {
        changed.awaitNanos(left);
      }
      state = DestinationState.CONNECTING;
    } catch (InterruptedException e) {
      aborted = true;
    } finally {
      lock.unlock();
    }
  }

  private long retryNanos() {
    return retry.waitNanos(System.nanoTime());
  }

  /**
   * Somebody says that the URL's server answers: a destination that is down is tried at once. Any
   * thread; does not block.
   */
  public void serverAnswers() {
    lock.lock();
    try {
      retry.serverAnswers(System.nanoTime());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private long countConnection() {
    lock.lock();
    try {
      return ++connections;
    } finally {
      lock.unlock();
    }
  }

  /** The destination's current status. Any thread. */
  public DestinationStatus status() {
    lock.lock();
    try {
      return new DestinationStatus(
          state,
          lastError,
          bytes,
          droppedElsewhere + queue.dropped(),
          Math.max(0, connections - 1));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks for the end: what is queued is written, then the connection ends in an orderly way. Does
   * not block.
   */
  public void beginFinish() {
    lock.lock();
    try {
      finishing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the end that was asked for, then closes in any case.
   *
   * @return whether everything queued was written
   */
  public boolean awaitFinish(Duration limit) throws InterruptedException {
    TimeUnit.NANOSECONDS.timedJoin(thread, limit.toNanos());
    boolean ended = !thread.isAlive();
    close();
    return ended;
  }

  /**
   * Closes at once; what is queued is lost. Blocks for as long as the native call needs to let go,
   * at most 5 s.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      aborted = true;
      if (opening != null) {
        opening.interrupt();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      TimeUnit.SECONDS.timedJoin(thread, 5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The thread's last act: frees what is left. */
  private void end() {
    lock.lock();
    try {
      state = DestinationState.CLOSED;
      aborted = true;
      long before = queue.dropped();
      queue.clear();
      kept.forEach(OutputFormats::close);
      kept.clear();
      formats = null;
      if (queue.dropped() > before) {
        listener.dropped(DestinationDrop.CLOSED, queue.dropped() - before);
      }
    } finally {
      lock.unlock();
    }
  }
}
