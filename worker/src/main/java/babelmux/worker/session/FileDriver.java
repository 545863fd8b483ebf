package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.SegmentGrid.Segment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Drives a pipeline from a file: the file's own times are the source's clock, and what all dubs
 * have decided is the watermark up to which the outputs are written. One thread, where nothing else
 * is said.
 */
final class FileDriver implements PipelineDriver, AutoCloseable {
  private static final Duration INTERLEAVE_LIMIT = Duration.ofSeconds(10);
  private static final long INTERLEAVE_LIMIT_US = INTERLEAVE_LIMIT.toNanos() / 1000;
  private static final long LIVE_START_US = SessionOptions.LIVE_START.toNanos() / 1000;
  private static final long HOLE_TOLERANCE_US = 1_000_000;
  private static final long TICK_NANOS = 50_000_000;
  // A fragment that kills its connection each time must not stop the file.
  private static final int MAX_TRIES = 3;

  private final Source source;
  private final OfflineDub.Settings settings;
  private final LongSupplier clock;
  private final Signal decided = new Signal();
  private final Pipeline pipeline;
  private final List<FileDub> dubs;
  private final long firstDtsUs;
  private @Nullable Packet first;
  private long readUs;
  private long audioUs = Long.MIN_VALUE;

  /**
   * @param source stays the caller's
   * @param first its first packet; ownership passes
   * @param negativeTimes whether what is written may have times below 0
   * @param dubs at least one; their links are the driver's
   * @param outputs each names one of the dubs; the sinks stay their owner's
   * @param pool for making fragments and decoding answers; shared
   * @param clock monotonic, nanoseconds
   */
  FileDriver(
      Source source,
      Packet first,
      boolean negativeTimes,
      OfflineDub.Settings settings,
      List<DubSpec> dubs,
      List<OutputMixer.Output> outputs,
      Executor pool,
      SessionListener listener,
      LongSupplier clock) {
    this.source = source;
    this.first = first;
    this.firstDtsUs = first.dtsUs();
    this.settings = settings;
    this.clock = clock;
    this.pipeline =
        new Pipeline(
            options(
                settings,
                negativeTimes ? firstDtsUs : LIVE_START_US,
                listed(settings, source, firstDtsUs)),
            this,
            dubs,
            outputs,
            pool,
            listener);
    this.dubs =
        pipeline.dubs().stream().map(dub -> new FileDub(dub, pipeline, settings, clock)).toList();
  }

  /** The segments on the session's count, which begins with the first packet. */
  private static @Nullable List<Segment> listed(
      OfflineDub.Settings settings, Source source, long firstDtsUs) {
    List<Segment> listed = settings.listed();
    TrackFormat audio = source.audio();
    if (listed == null || audio == null) {
      return listed;
    }
    long first = SoundShape.of(audio).rate().samplesAt(firstDtsUs);
    return listed.stream()
        .map(one -> new Segment(one.index(), one.startSample() - first, one.samples()))
        .toList();
  }

  private static PipelineOptions options(
      OfflineDub.Settings settings, long outputStartUs, @Nullable List<Segment> listed) {
    return new PipelineOptions(
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        0,
        settings.segment(),
        settings.quietCut(),
        INTERLEAVE_LIMIT,
        outputStartUs,
        HOLE_TOLERANCE_US,
        0,
        settings.patience().isZero() ? 1 : MAX_TRIES,
        listed);
  }

  @Override
  public long elapsedUs(long sourceDtsUs, long nowNanos) {
    return sourceDtsUs - firstDtsUs;
  }

  @Override
  public void placed(TimedPacket packet, boolean newRun, long nowNanos) {
    readUs = Math.max(readUs, packet.dtsUs());
    if (packet.isAudio()) {
      audioUs = Math.max(audioUs, packet.dtsUs());
    }
  }

  /** The link's limit counts from the sending; before that a fragment may wait as reading does. */
  @Override
  public long answerDueNanos(long startUs, SampleRate rate) {
    return clock.getAsLong() + settings.fragmentTimeout().plus(settings.patience()).toNanos();
  }

  /** Any thread. */
  @Override
  public void wakeReader() {
    decided.set();
  }

  /**
   * Reads the file to its end and writes all of the output.
   *
   * @param progress is told how far the input has been read, microseconds
   */
  void run(LongConsumer progress) throws MediaException, InterruptedException {
    TrackFormat audio = source.audio();
    if (audio != null) {
      pipeline.open(SoundShape.of(audio));
    }
    dubs.forEach(FileDub::begin);
    for (Packet packet = takeFirst(); packet != null; packet = source.read()) {
      awaitLinks(packet);
      boolean video = packet.kind() == TrackKind.VIDEO;
      pipeline.accept(packet, video ? source.video() : source.audio(), clock.getAsLong());
      throttle();
      release(watermarkUs());
      progress.accept(readUs);
    }
    pipeline.sourceLost();
    while (undecidedFrom() != Long.MAX_VALUE) {
      release(Long.MAX_VALUE);
      awaitDecision();
    }
    pipeline.finish();
    pipeline.write(Long.MAX_VALUE, clock.getAsLong(), dtsUs -> 0);
  }

  private @Nullable Packet takeFirst() {
    Packet packet = first;
    first = null;
    return packet;
  }

  /**
   * The time up to which both tracks have been read; a track that ends early or stands apart holds
   * the other up for 10 s only.
   */
  private long watermarkUs() {
    long videoUs = pipeline.settledVideoUs();
    if (source.video() == null || source.audio() == null) {
      return Math.max(videoUs, audioUs);
    }
    return Math.max(Math.min(videoUs, audioUs), readUs - INTERLEAVE_LIMIT_US);
  }

  private void throttle() throws InterruptedException {
    while (dubs.stream().anyMatch(dub -> dub.isBehind(readUs))) {
      awaitDecision();
    }
  }

  private void awaitLinks(Packet next) throws InterruptedException {
    if (next.kind() != TrackKind.AUDIO) {
      return;
    }
    try {
      dubs.forEach(FileDub::look);
      while (dubs.stream().anyMatch(FileDub::isHeldUp)) {
        awaitDecision();
      }
    } catch (InterruptedException e) {
      next.close();
      throw e;
    }
  }

  /** Waits shortly for a decision, and meanwhile sends again what came back unsent. */
  private void awaitDecision() throws InterruptedException {
    for (FileDub dub : dubs) {
      dub.look();
      dub.retry();
    }
    decided.await(TICK_NANOS);
  }

  private void release(long watermarkUs) throws MediaException {
    SoundShape shape = pipeline.shape();
    long untilUs = watermarkUs;
    if (shape != null && dubs.stream().anyMatch(FileDub::hasLink)) {
      long undecided = Math.min(undecidedFrom(), pipeline.uncutFrom());
      if (undecided != Long.MAX_VALUE) {
        // The fade at the end of the slot before depends on this one.
        SampleRate rate = shape.rate();
        untilUs = Math.min(untilUs, rate.microsAt(undecided - rate.hz() / 50));
      }
    }
    if (untilUs == Long.MAX_VALUE) {
      return;
    }
    pipeline.advance(untilUs);
    pipeline.write(Math.min(untilUs, pipeline.readyUs()), clock.getAsLong(), dtsUs -> 0);
  }

  /** The first sample that some dub has not decided yet, or {@link Long#MAX_VALUE}. */
  private long undecidedFrom() {
    return dubs.stream().mapToLong(FileDub::undecidedFrom).min().orElse(Long.MAX_VALUE);
  }

  /** Ends the links and frees everything but source and sink. */
  @Override
  public void close() {
    Packet unread = takeFirst();
    if (unread != null) {
      unread.close();
    }
    pipeline.close(false);
  }
}
