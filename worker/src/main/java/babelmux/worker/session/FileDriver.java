package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Sink;
import babelmux.media.Source;
import babelmux.media.TrackFormat;
import babelmux.media.TrackKind;
import babelmux.worker.output.PacketSink;
import babelmux.worker.sts.BreakerState;
import babelmux.worker.sts.StsLink;
import babelmux.worker.timeline.SampleRate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Drives a pipeline from a file: the file's own times are the source's clock, and what is decided
 * is the watermark up to which the output is written. One thread, where nothing else is said.
 */
final class FileDriver implements PipelineDriver, AutoCloseable {
  private static final Duration INTERLEAVE_LIMIT = Duration.ofSeconds(10);
  private static final long INTERLEAVE_LIMIT_US = INTERLEAVE_LIMIT.toNanos() / 1000;
  private static final long HOLE_TOLERANCE_US = 1_000_000;
  private static final long TICK_NANOS = 50_000_000;
  // A fragment that kills its connection each time must not stop the file.
  private static final int MAX_TRIES = 3;

  private final Source source;
  private final OfflineDub.Settings settings;
  private final LongSupplier clock;
  private final Signal decided = new Signal();
  private final Pipeline pipeline;
  private final SegmentDubber dub;
  private final long firstDtsUs;
  private @Nullable Packet first;
  private long readUs;
  private long audioUs = Long.MIN_VALUE;
  private long lastUsefulNanos;

  /**
   * @param source stays the caller's
   * @param first its first packet; ownership passes
   * @param output the URL that the sink writes
   * @param clock monotonic, nanoseconds
   */
  FileDriver(
      Source source,
      Packet first,
      String output,
      PacketSink sink,
      OfflineDub.Settings settings,
      DubSpec spec,
      Executor pool,
      SessionListener listener,
      LongSupplier clock) {
    this.source = source;
    this.first = first;
    this.firstDtsUs = first.dtsUs();
    this.settings = settings;
    this.clock = clock;
    this.lastUsefulNanos = clock.getAsLong();
    this.pipeline =
        new Pipeline(
            options(settings, output, firstDtsUs),
            this,
            List.of(spec),
            List.of(new OutputMixer.Output(spec.name(), sink)),
            pool,
            listener);
    this.dub = pipeline.dubs().get(0);
  }

  private static PipelineOptions options(
      OfflineDub.Settings settings, String output, long firstDtsUs) {
    return new PipelineOptions(
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        0,
        settings.segment(),
        settings.quietCut(),
        INTERLEAVE_LIMIT,
        Sink.takesNegativeTimes(output) ? firstDtsUs : SessionOptions.LIVE_START.toNanos() / 1000,
        HOLE_TOLERANCE_US,
        0,
        settings.patience().isZero() ? 1 : MAX_TRIES);
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
    lastUsefulNanos = clock.getAsLong();
    for (Packet packet = takeFirst(); packet != null; packet = source.read()) {
      awaitLink(packet);
      boolean video = packet.kind() == TrackKind.VIDEO;
      pipeline.accept(packet, video ? source.video() : source.audio(), clock.getAsLong());
      throttle();
      release(watermarkUs());
      progress.accept(readUs);
    }
    pipeline.sourceLost();
    DubTimeline timeline = timeline();
    while (timeline != null && timeline.undecidedFrom() != Long.MAX_VALUE) {
      release(Long.MAX_VALUE);
      awaitDecision(timeline);
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
    DubTimeline timeline = timeline();
    while (timeline != null
        && (timeline.openSlots() >= settings.window() || isFarAhead(timeline))) {
      awaitDecision(timeline);
    }
  }

  /**
   * Returns whether reading must wait: where the audio has ended no further slot opens, and the
   * video alone would be read on.
   */
  private boolean isFarAhead(DubTimeline timeline) {
    SoundShape shape = pipeline.shape();
    long undecided = timeline.undecidedFrom();
    long limitUs = settings.segment().toNanos() / 1000 * (settings.window() + 1);
    return shape != null
        && undecided != Long.MAX_VALUE
        && readUs - shape.rate().microsAt(undecided) > limitUs;
  }

  /** A file can wait: nothing is cut while the link would not send it. */
  private void awaitLink(Packet next) throws InterruptedException {
    try {
      StsLink link = dub.link();
      DubTimeline timeline = timeline();
      if (next.kind() != TrackKind.AUDIO || link == null || timeline == null) {
        return;
      }
      while (!sends(link, timeline) && !isPatienceOver(link, timeline)) {
        awaitDecision(timeline);
      }
    } catch (InterruptedException e) {
      next.close();
      throw e;
    }
  }

  /** Waits shortly for a decision, and meanwhile sends again what came back unsent. */
  private void awaitDecision(DubTimeline timeline) throws InterruptedException {
    StsLink link = dub.link();
    if (link != null && dub.unsent() > 0) {
      if (sends(link, timeline)) {
        dub.sendAgain();
      } else if (isPatienceOver(link, timeline)) {
        dub.giveUpUnsent();
      }
    }
    decided.await(TICK_NANOS);
  }

  /** While the breaker is not closed one fragment probes, and the others wait for what it says. */
  private boolean sends(StsLink link, DubTimeline timeline) {
    return link.accepts()
        && (link.status().breaker() == BreakerState.CLOSED || inHand(timeline) == 0);
  }

  /** Fragments that the link has, or gets at once. */
  private int inHand(DubTimeline timeline) {
    return timeline.openSlots() - dub.unsent();
  }

  private boolean isPatienceOver(StsLink link, DubTimeline timeline) {
    long now = clock.getAsLong();
    if (link.accepts() || inHand(timeline) > 0) {
      lastUsefulNanos = now;
    }
    return now - lastUsefulNanos >= settings.patience().toNanos();
  }

  private void release(long watermarkUs) throws MediaException {
    DubTimeline timeline = timeline();
    SoundShape shape = pipeline.shape();
    long untilUs = watermarkUs;
    if (timeline != null && shape != null && dub.link() != null) {
      long undecided = Math.min(timeline.undecidedFrom(), pipeline.uncutFrom());
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

  private @Nullable DubTimeline timeline() {
    SoundShape shape = pipeline.shape();
    return shape == null ? null : dub.timeline(shape.rate());
  }

  /** Ends the link and frees everything but source and sink. */
  @Override
  public void close() {
    Packet unread = takeFirst();
    if (unread != null) {
      unread.close();
    }
    pipeline.close(false);
  }
}
