package babelmux.worker.output;

import babelmux.media.LogFields;
import babelmux.media.MediaException;
import babelmux.media.Sink;
import java.time.Duration;
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
public final class Destination implements OutputBranch {
  private static final Logger log = LoggerFactory.getLogger(Destination.class);
  private static final int REFUSALS_PER_LOG_LINE = 100;
  private static final Duration NEVER = Duration.ofNanos(-1);

  private final DestinationTarget target;
  private final String streamId;
  private final DestinationOptions options;
  private final DestinationListener listener;
  private final PacketFeed feed = new Feed();
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PacketQueue queue;
  private final KeptFormats formats = new KeptFormats();
  private final DestinationProgress progress = new DestinationProgress();
  private final DestinationRetry retry;
  private @Nullable Turn turn;
  private boolean held;
  private boolean silent;
  private boolean gathering;
  private boolean finishing;
  private boolean aborted;
  private Sink.@Nullable Opening opening;
  // How long the last connection stood; the thread's own.
  private Duration stood = NEVER;

  /**
   * @param streamId for the thread's name and the log
   * @param number counts the stream's destinations from 0
   * @param url of a server, or a file
   */
  public Destination(
      String streamId,
      int number,
      String url,
      DestinationOptions options,
      DestinationListener listener) {
    this(streamId, number, DestinationTarget.at(url), options, listener);
  }

  /**
   * @param streamId for the thread's name and the log
   * @param number counts the stream's destinations from 0
   */
  public Destination(
      String streamId,
      int number,
      DestinationTarget target,
      DestinationOptions options,
      DestinationListener listener) {
    this.target = target;
    this.streamId = streamId;
    this.options = options;
    this.listener = listener;
    this.retry = new DestinationRetry(options.retry());
    this.queue = new PacketQueue(options.maxQueueBytes(), options.maxQueueSpan().toNanos() / 1000);
    this.thread = new Thread(this::run, "sink-" + streamId + "-" + number);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Does not connect before {@code before} is complete: another publisher is still on the URL. What
   * is written until then waits in the queue. Before {@link #begin}; does not block.
   */
  public void connectAfter(CompletableFuture<?> before) {
    lock.lock();
    try {
      held = true;
    } finally {
      lock.unlock();
    }
    before.whenComplete((result, failure) -> connectNow());
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

  /**
   * Keeps an RTMP connection over a gap in which nothing is written, for an output whose gaps are
   * not filled with silence. Before {@link #begin}; does not block.
   */
  public void keepOverGaps() {
    lock.lock();
    try {
      silent = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends nothing before it is its turn, and then begins at a keyframe; what is written until then
   * is not for it. Gives the turn back at its end. Before {@link #begin}; does not block.
   */
  public void awaitTurn(Turn turn) {
    lock.lock();
    try {
      this.turn = turn;
    } finally {
      lock.unlock();
    }
    turn.granted().whenComplete((result, failure) -> wake());
    if (isOver()) {
      turn.close();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isOthersTurn() {
    Turn awaited = turn;
    return awaited != null && !awaited.granted().isDone();
  }

  /** Never blocks. */
  @Override
  public void begin(OutputFormats next) {
    lock.lock();
    try {
      OutputFormats before = formats.current();
      if (aborted || (before != null && before.isSameAs(next))) {
        return;
      }
      if (before != null && !canGoOn(before, next)) {
        queue.awaitKeyVideo();
      }
      formats.next(next.copy(), queue);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Never blocks. */
  @Override
  public void join(OutputFormats running) {
    lock.lock();
    try {
      queue.restart();
      begin(running);
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether a connection of the one formats can go on with the other. */
  private boolean canGoOn(OutputFormats before, OutputFormats next) {
    return before.equals(next)
        || (Sink.takesNewHeaders(target.url()) && before.differsInVideoHeaders(next));
  }

  /** Never blocks; shares the packet, which is sent after {@link #flush}. */
  @Override
  public void write(OutputPacket packet) {
    lock.lock();
    try {
      OutputFormats current = formats.current();
      if (aborted || finishing || current == null) {
        return;
      }
      if (isOthersTurn()) {
        queue.restart();
        return;
      }
      if (progress.isDown()) {
        // What waited through an outage would come too late.
        tell(DestinationDrop.DISCONNECTED, queue.restart());
        progress.dropped(1);
        listener.dropped(DestinationDrop.DISCONNECTED, 1);
        return;
      }
      tell(DestinationDrop.QUEUE_FULL, queue.add(new QueuedPacket(packet.share(), current)));
    } finally {
      lock.unlock();
    }
  }

  /** Never blocks. */
  @Override
  public void flush() {
    lock.lock();
    try {
      if (!gathering && !queue.isEmpty()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void tell(DestinationDrop reason, long packets) {
    if (packets > 0) {
      listener.dropped(reason, packets);
    }
  }

  private void run() {
    MDC.put(LogFields.STREAM, streamId);
    try {
      while (awaitWork()) {
        stood = NEVER;
        try {
          serve();
        } catch (MediaException e) {
          down(
              FailureText.of(
                  e.kind(),
                  String.valueOf(e.getMessage()),
                  target.isFile(),
                  stood,
                  options.upAfter()));
        } catch (InterruptedException e) {
          abort();
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
  private void serve() throws MediaException, InterruptedException {
    OutputFormats current;
    Sink.Opening asked;
    boolean overGaps;
    lock.lock();
    try {
      QueuedPacket first = queue.peek();
      if (first == null || aborted) {
        return;
      }
      retry.begin();
      current = first.formats();
      formats.connected(current);
      asked = new Sink.Opening();
      opening = asked;
      overGaps = silent;
      progress.connecting();
    } finally {
      lock.unlock();
    }
    try (asked;
        Sink sink = target.opener().open(current, options.sink(), asked)) {
      long sinceNanos = System.nanoTime();
      connected(sinceNanos, sink.name());
      try {
        new DestinationConnection(sink, feed, overGaps, sinceNanos).transmit(current);
        linger();
        sink.finish();
      } finally {
        stood = Duration.ofNanos(System.nanoTime() - sinceNanos);
      }
    } finally {
      lock.lock();
      try {
        opening = null;
        formats.connected(null);
        progress.disconnected();
      } finally {
        lock.unlock();
      }
    }
  }

  private void connected(long nowNanos, String name) {
    boolean again;
    lock.lock();
    try {
      again = progress.connected(nowNanos);
    } finally {
      lock.unlock();
    }
    if (again) {
      listener.connectedAgain();
    }
    log.info("connected to {}", name);
  }

  /** At the end of the stream only: lets the other side pass on what it has. */
  private void linger() {
    long left = target.isFile() ? 0 : options.linger().toNanos();
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

  /** What a connection gets, on the destination's thread. */
  private final class Feed implements PacketFeed {
    @Override
    public boolean awaitPacket(Duration limit) {
      lock.lock();
      try {
        long left = gather(limit.toNanos());
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

    /** Nobody is woken for what comes meanwhile; the nanoseconds of the limit that are left. */
    private long gather(long limitNanos) throws InterruptedException {
      long nanos = Math.min(limitNanos, options.gather().toNanos());
      if (nanos <= 0 || !queue.isEmpty()) {
        return limitNanos;
      }
      gathering = true;
      try {
        long left = nanos;
        while (left > 0 && !aborted && !finishing) {
          left = changed.awaitNanos(left);
        }
      } finally {
        gathering = false;
      }
      return limitNanos - nanos;
    }

    @Override
    public boolean isDrained() {
      lock.lock();
      try {
        return queue.isEmpty();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public @Nullable QueuedPacket take(OutputFormats current) {
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
        formats.connected(next.formats());
        return queue.poll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void sent(OutputPacket packet, Duration connected) {
      boolean up;
      lock.lock();
      try {
        up = progress.sent(packet.packet().size(), connected.compareTo(options.upAfter()) >= 0);
        if (up) {
          retry.up();
        }
      } finally {
        lock.unlock();
      }
      listener.sent(packet);
      if (up) {
        log.info("destination up");
      }
    }

    @Override
    public void refused(String reason) {
      long before;
      lock.lock();
      try {
        before = progress.refused(reason);
      } finally {
        lock.unlock();
      }
      listener.dropped(DestinationDrop.MUXER_REFUSED, 1);
      if (before % REFUSALS_PER_LOG_LINE == 0) {
        log.warn("the muxer refused a packet, the connection goes on: {}", reason);
      }
    }
  }

  private void down(String reason) {
    long waitNanos;
    lock.lock();
    try {
      if (aborted) {
        return;
      }
      progress.down(reason);
      tell(DestinationDrop.DISCONNECTED, queue.restart());
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
      progress.connecting();
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

  /** The destination's current status. Any thread. */
  public DestinationStatus status() {
    lock.lock();
    try {
      String usedBy = turn == null ? null : turn.holder();
      return progress.status(usedBy, queue, System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /** Does not block. */
  @Override
  public void beginFinish() {
    lock.lock();
    try {
      finishing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean awaitFinish(Duration limit) throws InterruptedException {
    TimeUnit.NANOSECONDS.timedJoin(thread, limit.toNanos());
    boolean ended = !thread.isAlive();
    close();
    return ended;
  }

  @Override
  public boolean isOver() {
    return !thread.isAlive();
  }

  /** Blocks for as long as the native call needs to let go, at most 5 s. */
  @Override
  public void close() {
    abort();
    try {
      TimeUnit.SECONDS.timedJoin(thread, 5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void abort() {
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
  }

  /** The thread's last act: frees what is left. */
  private void end() {
    lock.lock();
    try {
      progress.closed();
      aborted = true;
      long left = queue.clear();
      formats.close();
      tell(DestinationDrop.CLOSED, left);
    } finally {
      lock.unlock();
      giveTurnBack();
    }
  }

  /** The next one connects when this one's connection is closed. */
  private void giveTurnBack() {
    Turn mine;
    lock.lock();
    try {
      mine = turn;
    } finally {
      lock.unlock();
    }
    if (mine != null) {
      mine.close();
    }
  }
}
