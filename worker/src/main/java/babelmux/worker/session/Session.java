package babelmux.worker.session;

import babelmux.media.LogFields;
import babelmux.media.MediaException;
import babelmux.media.TrackInfo;
import babelmux.worker.output.OutputBranch;
import babelmux.worker.sts.StsLink;
import babelmux.worker.timeline.ReleaseClock;
import babelmux.worker.timeline.TimeBudget;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One stream's life in this worker, the live driver of its {@link Pipeline}: a thread that reads, a
 * thread that writes a constant time later, and a thread for each destination. It ends by itself
 * when its source is gone for good, and closes all that it has opened.
 */
public final class Session {
  private static final Logger log = LoggerFactory.getLogger(Session.class);
  private static final String COULD_NOT_CREATE = "could not create thread: ";
  private static final Duration FINISH_LIMIT = Duration.ofSeconds(5);
  private static final long READER_SECONDS = 15;
  private static final long MIN_LINE_BYTES = 512L << 20;
  private static final long MAX_BITS_PER_SECOND = 50_000_000;
  // What arrives so shortly before its time to leave can still be decoded and coded.
  private static final long MIN_WAIT_US = 1_000_000;

  private final String streamId;
  private final SessionListener listener;
  private final LongSupplier clock = System::nanoTime;
  private final LiveTiming timing;
  private final long outputStartUs;
  private final List<DestinationGroup> groups = new ArrayList<>();
  private final Pipeline pipeline;
  private final SourceReader reader;
  private final LivePacer pacer;
  private final Thread readerThread;
  private final Thread outputThread;
  private volatile boolean aborted;
  // Somebody wants the end: a source that could not be read is not the reason of it.
  private volatile boolean endAsked;
  private volatile @Nullable SessionFailure readerFailure;
  private volatile @Nullable SessionFailure givenUp;
  private final CompletableFuture<Void> outputOver = new CompletableFuture<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  /**
   * @param source where to read
   * @param outputs where the video goes with which dub; their branches are this session's
   * @param pool for making fragments and decoding dubs; shared
   * @param dubs at least one
   */
  public Session(
      String streamId,
      SourceLocator source,
      List<SessionOutput> outputs,
      SessionOptions options,
      Executor pool,
      List<DubSpec> dubs,
      SessionListener listener) {
    this(
        streamId,
        source,
        outputs,
        options,
        pool,
        dubs,
        new Bypass(options.outputStart(), false, InstantSource.system()),
        listener,
        Thread::new);
  }

  /** One that an operator can take off air. */
  public Session(
      String streamId,
      SourceLocator source,
      List<SessionOutput> outputs,
      SessionOptions options,
      Executor pool,
      List<DubSpec> dubs,
      Bypass bypass,
      SessionListener listener) {
    this(streamId, source, outputs, options, pool, dubs, bypass, listener, Thread::new);
  }

  /** Makes a session's thread, not started. */
  @FunctionalInterface
  interface ThreadMaker {
    Thread make(Runnable run, String name);
  }

  Session(
      String streamId,
      SourceLocator source,
      List<SessionOutput> outputs,
      SessionOptions options,
      Executor pool,
      List<DubSpec> dubs,
      Bypass bypass,
      SessionListener listener,
      ThreadMaker threads) {
    this.streamId = streamId;
    this.listener = listener;
    this.outputStartUs = options.outputStart().toNanos() / 1000;
    this.timing = new LiveTiming(options, clock, listener);
    List<OutputMixer.Output> mixed = new ArrayList<>();
    for (SessionOutput output : outputs) {
      DestinationGroup group = new DestinationGroup(output.branches(), clock);
      groups.add(group);
      mixed.add(new OutputMixer.Output(output.dub(), group));
    }
    this.pipeline =
        new Pipeline(
            pipelineOptions(options),
            timing,
            dubs,
            mixed,
            new StreamPool(pool, streamId),
            bypass,
            listener,
            AudioEncoder::aac);
    this.reader =
        new SourceReader(
            source,
            options,
            pipeline,
            timing,
            listener,
            new ReadGather(TimeBudget.QUANTUM_US * 1000),
            clock);
    this.pacer = new LivePacer(pipeline, timing, listener, clock);
    this.readerThread = threads.make(this::read, "reader-" + streamId);
    this.outputThread = threads.make(this::output, "release-" + streamId);
    readerThread.setDaemon(true);
    outputThread.setDaemon(true);
  }

  /** The pipeline's options of a live stream with these options. */
  static PipelineOptions pipelineOptions(SessionOptions options) {
    long delayUs = options.delay().toNanos() / 1000;
    // Two seconds beyond the delay: a source in a hurry is held back by TCP, not by our memory.
    long spanUs = delayUs + 2_000_000;
    return new PipelineOptions(
        spanUs,
        maxLineBytes(spanUs),
        delayUs - MIN_WAIT_US,
        options.segment(),
        options.quietCut(),
        SoundCutter.MAX_HOLE,
        options.outputStart().toNanos() / 1000,
        TimeBudget.HOLE_TOLERANCE_US,
        TimeBudget.MAX_JUMP_US,
        1);
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

  /**
   * Starts the threads; a session whose threads cannot be created has failed. Does not wait for
   * anything that was read: the output thread comes first, and without it nothing is read.
   */
  public void start() {
    try {
      outputThread.start();
    } catch (OutOfMemoryError e) {
      end(new SessionFailure(false, COULD_NOT_CREATE + e.getMessage()));
      return;
    }
    try {
      readerThread.start();
    } catch (OutOfMemoryError e) {
      readerFailure = new SessionFailure(false, COULD_NOT_CREATE + e.getMessage());
      reader.end();
      pacer.endWhenDry();
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
    endAsked = true;
    reader.end();
  }

  /**
   * The first output goes to one more branch from now on; when it runs already, from its next
   * keyframe on. Any thread; does not block.
   *
   * @return false when the output has ended: the branch stays the caller's
   */
  public boolean add(OutputBranch branch) {
    return groups.get(0).add(branch);
  }

  /** The first output goes to one branch less, which ends in order. Any thread; does not block. */
  public void remove(OutputBranch branch) {
    groups.get(0).remove(branch);
  }

  /** Ends at once; what has not left is lost. Any thread; does not block. */
  public void stop() {
    endAsked = true;
    reader.end();
    aborted = true;
    pipeline.stop();
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

  /**
   * The output time that is due now, microseconds: what leaves has this time. Empty before the
   * first packet was read; until the delay has passed it is before the output's start.
   */
  public OptionalLong outputUs() {
    ReleaseClock release = timing.clock();
    return release == null
        ? OptionalLong.empty()
        : OptionalLong.of(release.dueUs(clock.getAsLong()) + outputStartUs);
  }

  /** Payload bytes that were read and have not left. Any thread. */
  public long waitingBytes() {
    return pipeline.waitingBytes();
  }

  /** Returns whether the source is held back, because the delay line is full. Any thread. */
  public boolean isFull() {
    return pipeline.isFull();
  }

  /** Keeps the dubs of a slot off air. Any thread; does not block. */
  public Veto veto(long slot) {
    return pipeline.veto(slot);
  }

  /** Slots of the first dub: those that have not left, and the last ones that have. Any thread. */
  public List<SlotStatus> slots() {
    return pipeline.slots();
  }

  /** The STS link of the first dub; null while there is none. */
  public @Nullable StsLink link() {
    return pipeline.dubs().get(0).link();
  }

  /** The source's video; null until it is known. Any thread, also after the end. */
  public @Nullable TrackInfo video() {
    return pipeline.video();
  }

  /** The source's audio; null until it is known. Any thread, also after the end. */
  public @Nullable TrackInfo audio() {
    return pipeline.audio();
  }

  private void read() {
    MDC.put(LogFields.STREAM, streamId);
    try {
      reader.run();
    } catch (Throwable e) {
      log.error("the reader failed", e);
      readerFailure = new SessionFailure(false, "the reader failed: " + said(e));
    } finally {
      Throwable thrown = Steps.runAll(listener::draining, pacer::endWhenDry);
      if (thrown != null && readerFailure == null) {
        readerFailure = new SessionFailure(false, "the reader failed: " + said(thrown));
      }
    }
  }

  private void output() {
    MDC.put(LogFields.STREAM, streamId);
    @Nullable SessionFailure failure = null;
    try {
      pace();
    } catch (InterruptedException e) {
      log.debug("the output thread was interrupted");
    } catch (Throwable e) {
      log.error("the output thread failed", e);
      failure = new SessionFailure(false, said(e));
    } finally {
      end(failure);
    }
  }

  private void pace() throws MediaException, InterruptedException {
    while (!aborted) {
      long nextNanos = pacer.step(clock.getAsLong());
      if (pacer.isDone()) {
        finishOutputs();
        return;
      }
      timing.output().await(nextNanos - clock.getAsLong());
    }
  }

  private void finishOutputs() throws InterruptedException {
    groups.forEach(DestinationGroup::beginFinish);
    long deadline = clock.getAsLong() + FINISH_LIMIT.toNanos();
    for (DestinationGroup group : groups) {
      group.awaitFinish(deadline);
    }
  }

  /** An Error's message alone does not say what happened. */
  private static String said(Throwable failure) {
    return failure instanceof Error || failure.getMessage() == null
        ? failure.toString()
        : failure.getMessage();
  }

  private void end(@Nullable SessionFailure failure) {
    Throwable thrown =
        Steps.runAll(
            reader::end,
            pipeline::stop,
            this::awaitReader,
            () -> groups.forEach(DestinationGroup::close),
            () -> outputOver.complete(null),
            () -> pipeline.close(readerThread.isAlive()));
    @Nullable String lost = reader.lastReason();
    SessionFailure reason = givenUp;
    if (reason == null) {
      reason = failure == null ? readerFailure : failure;
    }
    if (reason == null && thrown != null) {
      reason = new SessionFailure(false, said(thrown));
    }
    if (reason == null && !endAsked && pipeline.isUnused() && lost != null) {
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
}
