package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.TrackFormat;
import babelmux.media.TrackInfo;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of one stream between its source and its outputs: one ingest (timestamps, segments, delay
 * line), any number of dubs (STS link, slots, mixing, encoder), and outputs that name the dub that
 * they carry. It has no thread, no clock and no socket, and nothing here waits: its driver reads on
 * one thread, writes on another or the same one, and closes it once.
 *
 * <p>A dub costs the others nothing: whatever fails in one is its own, unless it is the last one.
 */
final class Pipeline implements Ingest {
  private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

  private final List<SegmentDubber> dubs;
  private final SourceIntake intake;
  private final PacketTimestamper timestamper;
  private final DelayLine line;
  private final FragmentMaker fragments;
  private final SoundCutter cutter;
  private final OutputMixer mixer;
  private final long startUs;

  /**
   * @param dubs at least one; their links are the pipeline's
   * @param outputs each names one of the dubs; the sinks stay their owner's
   * @param pool for making fragments and decoding answers; shared
   */
  Pipeline(
      PipelineOptions options,
      PipelineDriver driver,
      List<DubSpec> dubs,
      List<OutputMixer.Output> outputs,
      Executor pool,
      SessionListener listener) {
    this(options, driver, dubs, outputs, pool, unused(options), listener, AudioEncoder::aac);
  }

  Pipeline(
      PipelineOptions options,
      PipelineDriver driver,
      List<DubSpec> dubs,
      List<OutputMixer.Output> outputs,
      Executor pool,
      Bypass bypass,
      SessionListener listener,
      AudioEncoder.Factory encoders) {
    check(dubs, outputs);
    this.dubs =
        dubs.stream().map(dub -> new SegmentDubber(dub, pool, driver, options.maxTries())).toList();
    this.timestamper = new PacketTimestamper(listener, options.resumeLimitUs());
    this.intake = new SourceIntake(timestamper, driver, listener);
    this.line =
        new DelayLine(
            options.maxSpanUs(),
            options.maxBytes(),
            listener,
            driver::wakeOutput,
            driver::wakeReader);
    this.fragments = new FragmentMaker(this.dubs, pool);
    this.cutter = new SoundCutter(timestamper, fragments, options);
    this.mixer =
        new OutputMixer(options, line, timestamper, this.dubs, outputs, encoders, bypass, listener);
    this.startUs = options.startUs();
  }

  /** For a stream that nobody operates. */
  private static Bypass unused(PipelineOptions options) {
    return new Bypass(Duration.ofNanos(options.startUs() * 1000), false, InstantSource.system());
  }

  private static void check(List<DubSpec> dubs, List<OutputMixer.Output> outputs) {
    Set<String> names = new HashSet<>();
    for (DubSpec dub : dubs) {
      if (!names.add(dub.name())) {
        throw new IllegalArgumentException("two dubs have the name " + dub.name());
      }
    }
    for (OutputMixer.Output output : outputs) {
      if (!names.contains(output.dub())) {
        throw new IllegalArgumentException(output + " names a dub that does not exist");
      }
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException("a pipeline without a dub");
    }
  }

  /**
   * Connects the links before the first audio packet is there. Reader's thread; otherwise that
   * packet does.
   */
  void open(SoundShape shape) {
    fragments.open(shape);
  }

  /**
   * A packet was read. Reader's thread; does not wait.
   *
   * @param packet ownership passes to the pipeline
   * @param format its track's, not kept; null when the track is not known, and the packet dropped
   * @param nowNanos when it was read, the driver's clock
   * @return false when the delay line is full: the reader has to wait while {@link #isFull()}
   */
  @Override
  public boolean accept(Packet packet, @Nullable TrackFormat format, long nowNanos) {
    PacketTimestamper.Placed placed = intake.place(packet, format, nowNanos);
    if (placed == null) {
      return true;
    }
    TimedPacket timed = placed.packet();
    boolean submitted = false;
    try {
      if (placed.newRun()) {
        cutter.endRun();
      }
      if (timed.isAudio()) {
        cutter.audio(timed);
      } else {
        cutter.video(timed.dtsUs());
      }
      submitted = true;
      return line.put(timed);
    } finally {
      if (!submitted) {
        timed.close();
      }
    }
  }

  /**
   * The source was lost or has ended: what there is of a segment is cut, and what comes next begins
   * a contiguous run. Reader's thread.
   */
  @Override
  public void sourceLost() {
    timestamper.lost();
    try {
      cutter.endRun();
    } finally {
      line.lost();
    }
  }

  /**
   * Returns whether the delay line is full. Any thread; {@link PipelineDriver#wakeReader} ends a
   * wait.
   */
  @Override
  public boolean isFull() {
    return line.isFull();
  }

  /** See {@link DelayLine#isAtMaxBytes}. Any thread. */
  @Override
  public boolean isAtMaxBytes(boolean before) {
    return line.isAtMaxBytes(before);
  }

  /** Payload bytes that wait. Any thread. */
  @Override
  public long waitingBytes() {
    return line.bytes();
  }

  /**
   * Up to this session time no packet that is read later changes the times of the video, {@link
   * Long#MIN_VALUE} at first. Any thread.
   */
  long settledVideoUs() {
    return line.settledVideoUs();
  }

  /**
   * The first sample of the segment that is being filled, {@link Long#MAX_VALUE} when there is
   * none. Reader's thread.
   */
  long uncutFrom() {
    return cutter.currentStart();
  }

  /**
   * Mixes everything that is due until {@code untilUs}; slots that are open there fall back to the
   * original. Output thread; does not wait.
   *
   * @param untilUs session time
   */
  void advance(long untilUs) throws MediaException {
    mixer.advance(untilUs);
  }

  /** Nothing more will be read: mixes what is left. Output thread; does not wait. */
  void finish() throws MediaException {
    mixer.finish();
  }

  /**
   * Writes every packet that is due to the outputs, in the order of decoding times. Output thread;
   * waits only as long as the sinks do.
   *
   * @param untilUs session time
   * @param nowNanos the driver's clock
   * @param lateness nanoseconds that a packet of this decoding time is late
   */
  void write(long untilUs, long nowNanos, LongUnaryOperator lateness) throws MediaException {
    mixer.write(untilUs, nowNanos, lateness);
  }

  /** Session time up to which everything is ready to be written. Output thread. */
  long readyUs() {
    return mixer.readyUs();
  }

  /** Session time of the next packet to write, or {@link Long#MAX_VALUE}. Output thread. */
  long nextOutUs() {
    return mixer.nextOutUs();
  }

  /** Session time of the next packet to mix, or {@link Long#MAX_VALUE}. Any thread. */
  long nextInUs() {
    return line.nextDtsUs();
  }

  /** Returns whether the source is gone and everything from it was taken for mixing. Any thread. */
  boolean isDry() {
    return line.isDry();
  }

  /** Returns whether everything was written after {@link #finish()}. Output thread. */
  boolean isDone() {
    return mixer.isDone();
  }

  /** The dubs, in their order. */
  List<SegmentDubber> dubs() {
    return dubs;
  }

  /**
   * Keeps a slot's dubs off air, those of all dubs: see {@link DubTimeline#veto}. Any thread.
   *
   * @return what holds for all of them
   */
  Veto veto(long number) {
    SoundShape shape = shape();
    Veto worst = shape == null ? Veto.UNKNOWN : Veto.DONE;
    if (shape != null) {
      for (SegmentDubber dub : dubs) {
        Veto answer = dub.timeline(shape.rate()).veto(number);
        worst = answer == Veto.DONE ? worst : answer;
      }
    }
    return worst;
  }

  /** Slots of the first dub that have not left and the last ones that have. Any thread. */
  List<SlotStatus> slots() {
    SoundShape shape = shape();
    return shape == null
        ? List.of()
        : dubs.get(0).timeline(shape.rate()).slots(shape.rate(), startUs);
  }

  /** Rate and channels of the session's audio; null until it is known. Any thread. */
  @Nullable SoundShape shape() {
    return timestamper.shape();
  }

  /** The source's video; null until it is known. Any thread, also after the end. */
  @Nullable TrackInfo video() {
    return timestamper.videoInfo();
  }

  /** The source's audio; null until it is known. Any thread, also after the end. */
  @Nullable TrackInfo audio() {
    return timestamper.audioInfo();
  }

  /** Returns whether no packet was ever placed. */
  boolean isUnused() {
    return timestamper.isUnused();
  }

  /** Ends at once: what waits is dropped and counted, and so is what comes. Any thread. */
  void stop() {
    line.close();
  }

  /**
   * Frees everything, in the one order that is safe: packets that wait, encoders and what is
   * encoded, packets of the segment that is being filled, fragments that are being made (at most 5
   * s are waited for), dubs, and last the formats that all of those refer to. To be called once,
   * when neither thread uses the pipeline and the sinks are closed. The links end by themselves.
   *
   * @param readerStuck the reader's thread does not end: what it may still use is not freed
   */
  void close(boolean readerStuck) {
    boolean orderly = mixer.isDone();
    Throwable thrown =
        Steps.runAll(
            line::close,
            () -> dubs.forEach(dub -> dub.endLink(orderly)),
            mixer::close,
            () -> {
              if (readerStuck) {
                log.error("the reader does not end; what it holds is not freed");
              } else {
                free();
              }
            });
    Steps.rethrow(thrown);
  }

  private void free() {
    Steps.rethrow(Steps.runAll(cutter::close, () -> fragments.close(timestamper::close)));
  }
}
