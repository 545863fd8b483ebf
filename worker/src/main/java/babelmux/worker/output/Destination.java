package babelmux.worker.output;

import babelmux.media.MediaException;
import babelmux.media.Sink;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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
 * it must, and starts each connection at a keyframe with headers.
 */
public final class Destination implements Outlet, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Destination.class);

  private final String url;
  private final String streamId;
  private final DestinationOptions options;
  private final DestinationListener listener;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private PacketQueue queue;
  private @Nullable OutputFormats formats;
  private boolean formatsChanged;
  private boolean held;
  private boolean finishing;
  private boolean aborted;
  private Sink.@Nullable Opening opening;
  private DestinationState state = DestinationState.IDLE;
  private @Nullable String lastError;
  private long droppedBefore;
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
    this.url = url;
    this.streamId = streamId;
    this.options = options;
    this.listener = listener;
    this.queue = newQueue(true);
    this.thread = new Thread(this::run, "sink-" + streamId + "-" + number);
    thread.setDaemon(true);
    thread.start();
  }

  private PacketQueue newQueue(boolean hasVideo) {
    return new PacketQueue(
        hasVideo, options.maxQueueBytes(), options.maxQueueSpan().toNanos() / 1000);
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
      if (formats != null) {
        formats.close();
        formatsChanged = true;
        clearQueue();
      }
      formats = next.copy();
      droppedBefore += queue.dropped();
      queue = newQueue(next.video() != null);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Never blocks; shares the packet. */
  @Override
  public void write(OutputPacket packet) {
    lock.lock();
    try {
      if (aborted || finishing) {
        return;
      }
      long before = queue.dropped();
      if (state == DestinationState.DOWN) {
        // What waited through an outage would come too late.
        clearQueue();
        droppedBefore++;
        listener.dropped(1);
        return;
      }
      queue.add(packet.share());
      if (queue.dropped() > before) {
        listener.dropped(queue.dropped() - before);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void clearQueue() {
    long before = queue.dropped();
    queue.restart();
    if (queue.dropped() > before) {
      listener.dropped(queue.dropped() - before);
    }
  }

  private void run() {
    MDC.put("stream", streamId);
    int failures = 0;
    while (awaitWork()) {
      try {
        long upAfterNanos = serve();
        failures = upAfterNanos > options.upAfter().toNanos() ? 0 : failures;
      } catch (MediaException e) {
        failures = state() == DestinationState.UP ? 1 : failures + 1;
        down(e, failures);
      }
    }
    close(DestinationState.CLOSED);
  }

  /** Waits until there is something to connect for; false when it is over. */
  private boolean awaitWork() {
    lock.lock();
    try {
      while (!aborted && (held || (!finishing && (formats == null || queue.isEmpty())))) {
        changed.awaitUninterruptibly();
      }
      return !aborted && formats != null && !queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** One connection's life, until the formats change or it is over. */
  private long serve() throws MediaException {
    OutputFormats current;
    Sink.Opening asked;
    lock.lock();
    try {
      if (formats == null || aborted) {
        return 0;
      }
      current = formats.copy();
      formatsChanged = false;
      asked = new Sink.Opening();
      opening = asked;
      state = DestinationState.CONNECTING;
    } finally {
      lock.unlock();
    }
    try (current;
        Sink sink = Sink.open(url, current.video(), current.audio(), options.sink(), asked)) {
      long since = System.nanoTime();
      if (countConnection() > 1) {
        listener.connectedAgain();
      }
      log.info("connected to {}", sink.name());
      transmit(sink, since);
      linger();
      sink.finish();
      return System.nanoTime() - since;
    } finally {
      lock.lock();
      try {
        opening = null;
      } finally {
        lock.unlock();
      }
    }
  }

  private void transmit(Sink sink, long sinceNanos) throws MediaException {
    while (true) {
      OutputPacket next = take();
      if (next == null) {
        return;
      }
      try (next) {
        sink.write(next.packet(), next.ptsUs(), next.dtsUs());
        progress(next, System.nanoTime() - sinceNanos);
      }
    }
  }

  /** At the end of the stream only: lets the other side pass on what it has. */
  private void linger() {
    long left = url.contains("://") ? options.linger().toNanos() : 0;
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
      }
    } finally {
      lock.unlock();
    }
  }

  /** The next packet to write, or null when this connection is over. */
  private @Nullable OutputPacket take() {
    lock.lock();
    try {
      while (queue.isEmpty() && !aborted && !finishing && !formatsChanged) {
        changed.awaitUninterruptibly();
      }
      return aborted || formatsChanged ? null : queue.poll();
    } finally {
      lock.unlock();
    }
  }

  private void down(MediaException failure, int failures) {
    Duration pause = Backoff.after(failures);
    String reason = failure.getMessage();
    lock.lock();
    try {
      if (aborted) {
        return;
      }
      state = DestinationState.DOWN;
      lastError = reason;
      clearQueue();
    } finally {
      lock.unlock();
    }
    log.warn("destination down, next try in {} ms: {}", pause.toMillis(), reason);
    long left = pause.toNanos();
    lock.lock();
    try {
      while (left > 0 && !aborted && !finishing) {
        left = changed.awaitNanos(left);
      }
      state = DestinationState.CONNECTING;
    } catch (InterruptedException e) {
      aborted = true;
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

  private DestinationState state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** What is known about it now. Any thread. */
  public DestinationStatus status() {
    lock.lock();
    try {
      return new DestinationStatus(
          state, lastError, bytes, droppedBefore + queue.dropped(), Math.max(0, connections - 1));
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

  private void close(DestinationState last) {
    lock.lock();
    try {
      state = last;
      droppedBefore += queue.dropped();
      while (true) {
        OutputPacket left = queue.poll();
        if (left == null) {
          break;
        }
        left.close();
      }
      queue = newQueue(false);
      if (formats != null) {
        formats.close();
        formats = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
