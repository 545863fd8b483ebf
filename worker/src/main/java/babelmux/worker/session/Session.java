package babelmux.worker.session;

import babelmux.media.TrackInfo;
import babelmux.worker.output.Destination;
import babelmux.worker.sts.StsLink;
import babelmux.worker.timeline.ReleaseClock;
import babelmux.worker.timeline.TimeBudget;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One stream's life in this worker: a thread that reads, a thread that releases a constant time
 * later, and a thread for each destination. It ends by itself when its source is gone for good, and
 * closes all that it has opened.
 */
public final class Session {
  private static final Logger log = LoggerFactory.getLogger(Session.class);
  private static final String COULD_NOT_CREATE = "could not create thread: ";
  private static final Duration FINISH_LIMIT = Duration.ofSeconds(5);
  private static final long READER_SECONDS = 15;
  private static final long MIN_LINE_BYTES = 512L << 20;
  private static final long MAX_BITS_PER_SECOND = 50_000_000;
  // What arrives so shortly before its time to leave can still be decoded and coded.
  private static final long LEAST_WAIT_US = 1_000_000;
  private static final int USUAL_RATE = 48_000;

  private final String streamId;
  private final SessionListener listener;
  private final Intake intake;
  private final DelayLine line;
  private final Dubbing dubbing;
  private final SoundCutter cutter;
  private final SourceReader reader;
  private final FanOut outlet;
  private final Playout playout;
  private final LiveRelease release;
  private final Thread readerThread;
  private final Thread releaseThread;
  private volatile @Nullable SessionFailure readerFailure;
  private volatile @Nullable SessionFailure givenUp;
  private final CompletableFuture<Void> outputOver = new CompletableFuture<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  /**
   * @param sourceUrl what to read
   * @param destinations where the output goes; this session's from now on
   * @param pool for making fragments and decoding dubs; shared
   * @param linkOpener opens the STS link for the source's sound, or gives null when nothing is to
   *     be dubbed; the link is this session's
   */
  public Session(
      String streamId,
      String sourceUrl,
      List<Destination> destinations,
      SessionOptions options,
      Executor pool,
      Function<SoundShape, @Nullable StsLink> linkOpener,
      SessionListener listener) {
    this(streamId, sourceUrl, destinations, options, pool, linkOpener, listener, Thread::new);
  }

  /** Makes a session's thread, not started. */
  @FunctionalInterface
  interface ThreadMaker {
    Thread make(Runnable run, String name);
  }

  Session(
      String streamId,
      String sourceUrl,
      List<Destination> destinations,
      SessionOptions options,
      Executor pool,
      Function<SoundShape, @Nullable StsLink> linkOpener,
      SessionListener listener,
      ThreadMaker threads) {
    this.streamId = streamId;
    this.listener = listener;
    long delayUs = options.delay().toNanos() / 1000;
    // Two seconds beyond the delay: a source in a hurry is held back by TCP, not by our memory.
    long spanUs = delayUs + 2_000_000;
    this.line = new DelayLine(spanUs, maxLineBytes(spanUs), listener);
    this.intake = new Intake(listener, delayUs - LEAST_WAIT_US);
    CompletableFuture<@Nullable ReleaseClock> clock = new CompletableFuture<>();
    this.dubbing =
        new Dubbing(
            listener,
            pool,
            linkOpener,
            startUs -> answerDueNanos(clock, startUs, budget(options)),
            options.sound());
    this.cutter = new SoundCutter(intake, dubbing, options.segment(), options.quietCut());
    this.reader = new SourceReader(sourceUrl, options, intake, line, cutter, listener, clock);
    this.outlet = new FanOut(destinations);
    this.playout =
        new Playout(
            new PlayoutOptions(
                options.bitRate(),
                options.outputStart().toNanos() / 1000,
                options.segment().toNanos() / 1000,
                TimeBudget.HOLE_TOLERANCE_US,
                TimeBudget.MAX_JUMP_US),
            line,
            intake,
            dubbing,
            outlet,
            listener);
    this.release = new LiveRelease(playout, line, clock, () -> budget(options), listener);
    this.readerThread = threads.make(this::read, "reader-" + streamId);
    this.releaseThread = threads.make(this::release, "release-" + streamId);
    readerThread.setDaemon(true);
    releaseThread.setDaemon(true);
  }

  /**
   * Bytes that may wait: as many as 50 Mbit/s make in the time that is held, and never less than
   * 512 MiB.
   *
   * @param spanUs the time that is held, microseconds
   */
  static long maxLineBytes(long spanUs) {
    return Math.max(MIN_LINE_BYTES, spanUs / 1000 * (MAX_BITS_PER_SECOND / 8000));
  }

  private TimeBudget budget(SessionOptions options) {
    SoundShape shape = intake.shape();
    return TimeBudget.live(
        options.delay().toNanos() / 1000,
        options.segment().toNanos() / 1000,
        shape == null ? USUAL_RATE : shape.rate().hz());
  }

  /** A segment's answer must be here when its slot begins, less what it takes to put it there. */
  private static long answerDueNanos(
      CompletableFuture<@Nullable ReleaseClock> clock, long startUs, TimeBudget budget) {
    ReleaseClock release = clock.getNow(null);
    long dueNanos = release == null ? System.nanoTime() : release.dueNanos(startUs);
    return dueNanos - budget.answerMarginUs() * 1000;
  }

  /**
   * Starts the threads; a session whose threads cannot be created has failed. Does not wait for
   * anything that was read: the output thread comes first, and without it nothing is read.
   */
  public void start() {
    try {
      releaseThread.start();
    } catch (OutOfMemoryError e) {
      end(new SessionFailure(false, COULD_NOT_CREATE + e.getMessage()), false);
      return;
    }
    try {
      readerThread.start();
    } catch (OutOfMemoryError e) {
      readerFailure = new SessionFailure(false, COULD_NOT_CREATE + e.getMessage());
      reader.end();
      release.endWhenDry();
    }
  }

  /**
   * The source is there (again): it is tried at once. Any thread; does not block.
   *
   * @return false when this session reads no more: the source needs another one
   */
  public boolean sourceAvailable() {
    return reader.sourceAvailable();
  }

  /** The source is said to be gone. Any thread; does not block. */
  public void sourceGone() {
    reader.sourceGone();
  }

  /**
   * Stops reading; everything received leaves at its time, then the session ends. Any thread; does
   * not block.
   */
  public void drain() {
    reader.end();
  }

  /** Ends at once; what has not left is lost. Any thread; does not block. */
  public void stop() {
    reader.end();
    release.abort();
    line.close();
  }

  /** As {@link #stop()}, and the session has failed. Any thread; does not block. */
  public void fail(SessionFailure reason) {
    givenUp = reason;
    stop();
  }

  /**
   * Completed when the connections of its destinations are closed: another publisher may take their
   * place. Before {@link #over()}.
   */
  public CompletableFuture<Void> outputOver() {
    return outputOver.copy();
  }

  /** Completed when everything of this session is closed. */
  public CompletableFuture<Void> over() {
    return over.copy();
  }

  /** The STS link; null while there is none. */
  public @Nullable StsLink link() {
    return dubbing.link();
  }

  /** What the picture is; null until it is known. Any thread, also after the end. */
  public @Nullable TrackInfo video() {
    return intake.videoInfo();
  }

  /** What the sound is; null until it is known. Any thread, also after the end. */
  public @Nullable TrackInfo audio() {
    return intake.audioInfo();
  }

  private void read() {
    MDC.put("stream", streamId);
    try {
      reader.run();
    } catch (Throwable e) {
      log.error("the reader failed", e);
      readerFailure = new SessionFailure(false, "the reader failed: " + said(e));
    } finally {
      Throwable thrown = Steps.runAll(listener::draining, release::endWhenDry);
      if (thrown != null && readerFailure == null) {
        readerFailure = new SessionFailure(false, "the reader failed: " + said(thrown));
      }
    }
  }

  private void release() {
    MDC.put("stream", streamId);
    @Nullable SessionFailure failure = null;
    boolean released = false;
    try {
      released = release.run();
      if (released) {
        outlet.finish(FINISH_LIMIT);
      }
    } catch (InterruptedException e) {
      log.debug("release interrupted");
    } catch (Throwable e) {
      log.error("the output thread failed", e);
      failure = new SessionFailure(false, said(e));
    } finally {
      end(failure, released);
    }
  }

  /** An Error's message alone does not say what happened. */
  private static String said(Throwable failure) {
    return failure instanceof Error || failure.getMessage() == null
        ? failure.toString()
        : failure.getMessage();
  }

  private void end(@Nullable SessionFailure failure, boolean released) {
    Throwable thrown =
        Steps.runAll(
            reader::end,
            line::close,
            this::awaitReader,
            outlet::close,
            () -> outputOver.complete(null),
            () -> farewell(released),
            playout::close,
            this::free);
    @Nullable String lost = reader.lastReason();
    SessionFailure reason = givenUp;
    if (reason == null) {
      reason = failure == null ? readerFailure : failure;
    }
    if (reason == null && thrown != null) {
      reason = new SessionFailure(false, said(thrown));
    }
    if (reason == null && intake.isUnused() && lost != null) {
      reason = new SessionFailure(true, lost);
    }
    try {
      listener.ended(reason);
    } finally {
      over.complete(null);
    }
  }

  private void awaitReader() {
    try {
      TimeUnit.SECONDS.timedJoin(readerThread, READER_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A reader that does not end still uses what would be freed: then it is kept. */
  private void free() {
    if (readerThread.isAlive()) {
      log.error("the reader does not end; what it holds is not freed");
      return;
    }
    reader.close();
    dubbing.close(intake::close);
  }

  /** Says goodbye to the STS, which ends by itself: it never holds up the session. */
  private void farewell(boolean orderly) {
    StsLink link = dubbing.link();
    if (link == null) {
      return;
    }
    if (orderly) {
      link.end("source_ended");
    } else {
      link.close();
    }
  }
}
