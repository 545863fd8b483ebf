package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.media.TrackFormat;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.output.PacketSink;
import babelmux.worker.timeline.SegmentCount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Takes packets out of the delay line and makes the outputs of them: the video as it is, the audio
 * mixed and encoded for each dub, both in the order of their decoding times. It knows no clock: its
 * caller says how far time has come. One thread, the output's.
 */
final class OutputMixer implements AutoCloseable {
  // A source that stalls before it is lost is silent already: no second gap behind that. And what
  // is this late is no longer worth sending as silence.
  private static final long FILLED_US = 1_000_000;

  private final PipelineOptions options;
  private final DelayLine line;
  private final PacketTimestamper timestamper;
  private final List<SegmentDubber> dubbers;
  private final Survivors<Output> outputs;
  private final AudioEncoder.Factory encoders;
  private final Bypass bypass;
  private final SessionListener listener;
  private final PriorityQueue<Ready> ready =
      new PriorityQueue<>(
          Comparator.<Ready>comparingLong(next -> next.packet().dtsUs())
              .thenComparingLong(Ready::number));
  private @Nullable TrackFormat video;
  private @Nullable AudioRenderer audio;
  private boolean announced;
  private @Nullable TrackFormat announcedVideo;
  private @Nullable AudioRenderer announcedAudio;
  private final SegmentCount videoSegments;
  private long readyCount;
  private long lastUs;
  private int run;
  private boolean fillingWait;
  private boolean finished;

  /**
   * The source's video with the audio of one dub.
   *
   * @param dub names it
   * @param sink stays its owner's
   */
  record Output(String dub, PacketSink sink) {
    @Override
    public String toString() {
      return "the output of dub " + dub;
    }
  }

  /**
   * A packet that waits for its time.
   *
   * @param videoFormat the video's format from this packet on; null for audio
   * @param dub whose audio it is; null for video
   * @param sourceUs its PTS in the source, unwrapped; empty for silence
   * @param number keeps packets of equal DTS in their order
   */
  private record Ready(
      OutputPacket packet,
      @Nullable TrackFormat videoFormat,
      @Nullable DubEncoder dub,
      OptionalLong sourceUs,
      long number) {}

  OutputMixer(
      PipelineOptions options,
      DelayLine line,
      PacketTimestamper timestamper,
      List<SegmentDubber> dubbers,
      List<Output> outputs,
      AudioEncoder.Factory encoders,
      Bypass bypass,
      SessionListener listener) {
    this.options = options;
    this.line = line;
    this.timestamper = timestamper;
    this.dubbers = List.copyOf(dubbers);
    this.outputs = new Survivors<>(outputs);
    this.encoders = encoders;
    this.bypass = bypass;
    this.listener = listener;
    this.videoSegments =
        new SegmentCount(options.segmentUs(), SessionOptions.MIN_SEGMENT.toNanos() / 1000);
  }

  /**
   * Takes everything that is due until {@code untilUs} and renders its audio.
   *
   * @param untilUs session time
   */
  void advance(long untilUs) throws MediaException {
    if (finished) {
      return;
    }
    take(untilUs);
    AudioRenderer side = audio;
    if (side == null || !side.isStarted()) {
      return;
    }
    if (line.isDry()) {
      fillWait(side, untilUs);
    } else if (isBeforeShortGap()) {
      side.pushOut(side.rate().samplesAt(line.nextDtsUs()));
    } else {
      // The video goes on: audio that is missing by now is silence.
      silentTo(side, side.rate().samplesAt(untilUs - options.holeToleranceUs()));
    }
    // A packet reaches beyond its own time, and what lies behind may not be decided yet.
    side.renderTo(Math.min(side.end(), side.rate().samplesAt(untilUs)));
  }

  /**
   * Returns whether the source comes back so soon that the output's times jump over its absence.
   */
  private boolean isBeforeShortGap() {
    return !fillingWait
        && line.nextRun(run) != run
        && line.nextDtsUs() - lastUs < options.jumpLimitUs();
  }

  /**
   * Without audio from here on up to a sample. Silence whose time has passed long ago, because
   * nothing was sent while the source was waited for, is jumped over: it would leave in one burst.
   */
  private void silentTo(AudioRenderer side, long sample) throws MediaException {
    if (options.jumpLimitUs() > 0 && side.rate().microsAt(sample - side.end()) > FILLED_US) {
      side.completeSource();
      side.jumpTo(sample);
    }
    side.extendTo(sample);
  }

  private void take(long untilUs) throws MediaException {
    for (TimedPacket next = line.poll(untilUs); next != null; next = line.poll(untilUs)) {
      if (next.isAudio()) {
        try (TimedPacket packet = next) {
          enter(packet);
          renderer(packet.format()).add(packet);
        }
      } else {
        takeVideo(next);
      }
    }
  }

  private void takeVideo(TimedPacket packet) throws MediaException {
    boolean taken = false;
    try {
      enter(packet);
      ready.add(
          new Ready(
              new OutputPacket(packet.packet(), packet.ptsUs(), packet.dtsUs()),
              packet.format(),
              null,
              OptionalLong.of(packet.sourcePtsUs()),
              readyCount++));
      taken = true;
    } finally {
      if (!taken) {
        packet.close();
      }
    }
  }

  private void enter(TimedPacket next) throws MediaException {
    if (next.run() != run) {
      run = next.run();
      enterRun(next);
    }
    lastUs = Math.max(lastUs, next.dtsUs());
  }

  /** The source goes on somewhere else: the audio jumps there too, over a gap that is short. */
  private void enterRun(TimedPacket first) throws MediaException {
    AudioRenderer side = audio;
    if (side == null || !side.isStarted()) {
      return;
    }
    side.completeSource();
    long resume = first.isAudio() ? first.heardFrom() : side.rate().samplesAt(first.dtsUs());
    boolean jumps =
        !fillingWait && side.rate().microsAt(resume - side.heardTo()) < options.jumpLimitUs();
    if (jumps && resume > side.end()) {
      side.jumpTo(resume);
    }
    side.extendTo(resume);
    fillingWait = false;
  }

  private AudioRenderer renderer(TrackFormat format) throws MediaException {
    AudioRenderer side = audio;
    if (side == null) {
      SoundShape known = timestamper.shape();
      SoundShape shape = known == null ? SoundShape.of(format) : known;
      side =
          new AudioRenderer(
              shape,
              OriginalSound.faded(shape.rate(), shape.channels(), listener),
              openEncoders(shape),
              bypass,
              listener);
      audio = side;
    }
    return side;
  }

  private List<DubEncoder> openEncoders(SoundShape shape) throws MediaException {
    List<DubEncoder> opened = new ArrayList<>();
    try {
      for (SegmentDubber dubber : dubbers) {
        opened.add(
            new DubEncoder(
                dubber,
                shape,
                encoders,
                (dub, packet, sourceUs) ->
                    ready.add(new Ready(packet, null, dub, sourceUs, readyCount++))));
      }
    } catch (MediaException | RuntimeException | Error e) {
      opened.forEach(DubEncoder::close);
      throw e;
    }
    return opened;
  }

  /**
   * While the source is waited for: what was read leaves, then nothing at first, then silence, so
   * that the output stays connected.
   */
  private void fillWait(AudioRenderer side, long untilUs) throws MediaException {
    if (!fillingWait && untilUs - lastUs < options.jumpLimitUs()) {
      // No silence yet: this may be the end, which must not become longer by it.
      side.pushOut(Long.MAX_VALUE);
      return;
    }
    side.completeSource();
    fillingWait = true;
    silentTo(side, side.rate().samplesAt(untilUs));
  }

  /** Tells the sinks what the outputs carry; they copy what they need of the formats. */
  private void announce() throws MediaException {
    TrackFormat audioFormat = timestamper.audio();
    if (audioFormat != null) {
      renderer(audioFormat);
    }
    if (video == null) {
      video = timestamper.video();
    }
    if (!isAnnounced()) {
      announced = true;
      announcedVideo = video;
      AudioRenderer side = audio;
      announcedAudio = side;
      outputs.each(
          output ->
              output
                  .sink()
                  .begin(
                      new OutputFormats(
                          video, side == null ? null : side.of(output.dub()).format())));
    }
  }

  private boolean isAnnounced() {
    return announced && announcedVideo == video && announcedAudio == audio;
  }

  /**
   * Up to this session time all that leaves is ready; {@link Long#MAX_VALUE} while there is no
   * audio.
   */
  long readyUs() {
    AudioRenderer side = audio;
    return side == null || !side.isStarted()
        ? Long.MAX_VALUE
        : side.rate().microsAt(side.next() - AudioRenderer.CODING_DELAY);
  }

  /**
   * The decoding time of the next packet to leave, session microseconds, or {@link Long#MAX_VALUE}.
   */
  long nextOutUs() {
    Ready next = ready.peek();
    return next == null ? Long.MAX_VALUE : next.packet().dtsUs();
  }

  /**
   * Writes every packet that is due.
   *
   * @param untilUs session time
   * @param nowNanos the driver's clock
   * @param lateness nanoseconds that a packet of this decoding time is late
   */
  void write(long untilUs, long nowNanos, LongUnaryOperator lateness) throws MediaException {
    if (ready.isEmpty() || nextOutUs() > untilUs) {
      return;
    }
    while (nextOutUs() <= untilUs && !ready.isEmpty()) {
      Ready next = ready.element();
      if (next.videoFormat() != null) {
        video = next.videoFormat();
      }
      // Not before: what waits in front of this packet is of the formats before.
      if (!isAnnounced()) {
        announce();
      }
      ready.remove();
      OutputPacket session = next.packet();
      OutputPacket shifted =
          new OutputPacket(
              session.packet(),
              session.ptsUs() + options.startUs(),
              session.dtsUs() + options.startUs());
      try (shifted) {
        outputs.each(output -> write(output, next, shifted));
        listener.released(shifted, lateness.applyAsLong(session.dtsUs()));
        written(next, shifted, nowNanos);
      }
    }
    outputs.each(output -> output.sink().flush());
  }

  private void write(Output output, Ready next, OutputPacket packet) throws MediaException {
    AudioRenderer side = audio;
    DubEncoder own = side == null ? null : side.of(output.dub());
    boolean runs = side == null || own == null || side.runs(own);
    if (runs && (next.dub() == null || next.dub() == own)) {
      output.sink().write(packet);
    }
  }

  private void written(Ready session, OutputPacket written, long nowNanos) {
    DubEncoder dub = session.dub();
    if (dub != null) {
      dub.audioWritten(session.packet().ptsUs(), written.ptsUs(), session.sourceUs(), nowNanos);
      return;
    }
    if (audio != null) {
      long inUs = session.sourceUs().orElseThrow();
      audio.dubs().forEach(each -> each.videoWritten(written.ptsUs(), inUs));
    }
    if (videoSegments.reach(session.packet().dtsUs())) {
      listener.videoSegmentReleased();
    }
  }

  /**
   * Nothing more will be read: renders the last samples and ends the encoding. What is ready is
   * still to be written.
   */
  void finish() throws MediaException {
    if (!finished) {
      finished = true;
      take(Long.MAX_VALUE);
      if (audio != null) {
        audio.finish();
      }
    }
  }

  /** Returns whether everything has been written. */
  boolean isDone() {
    return finished && ready.isEmpty();
  }

  @Override
  public void close() {
    ready.forEach(next -> next.packet().close());
    ready.clear();
    if (audio != null) {
      audio.close();
    }
  }
}
