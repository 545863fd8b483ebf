package babelmux.worker.session;

import babelmux.media.AacEncoder;
import babelmux.media.MediaException;
import babelmux.media.TrackFormat;
import babelmux.worker.output.Outlet;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.timeline.AvDelta;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.SegmentCount;
import babelmux.worker.timeline.SourceTimes;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Takes packets out of the delay line and makes the output of them: the picture as it is, the sound
 * mixed and coded, both in the order of their decoding times. It knows no clock: its caller says
 * how far time has come. One thread.
 */
final class Playout implements AutoCloseable {
  // A source that stalls before it is lost is silent already: no second gap behind that. And what
  // is
  // this late is no longer worth sending as silence.
  private static final long FILLED_US = 1_000_000;

  private final PlayoutOptions options;
  private final DelayLine line;
  private final Intake intake;
  private final Dubbing dubbing;
  private final Outlet outlet;
  private final SessionListener listener;
  private final PriorityQueue<Ready> ready =
      new PriorityQueue<>(
          Comparator.<Ready>comparingLong(next -> next.packet().dtsUs())
              .thenComparingLong(Ready::number));
  private @Nullable TrackFormat picture;
  private @Nullable SoundSide sound;
  private @Nullable OutputFormats announced;
  private final SegmentCount videoSegments;
  private final AvDelta avDelta = new AvDelta();
  private long readyCount;
  private long lastUs;
  private int stretch;
  private boolean finished;

  /**
   * A packet that waits for its time.
   *
   * @param picture the picture's format from this packet on; null for sound
   * @param sourceUs its PTS in the source, unwrapped; empty for silence
   * @param number keeps packets of equal DTS in their order
   */
  private record Ready(
      OutputPacket packet, @Nullable TrackFormat picture, OptionalLong sourceUs, long number) {}

  /** What belongs to the output's sound, from the moment on when there is any. */
  private static final class SoundSide {
    final SampleRate rate;
    final OriginalSound original;
    final SoundTrack track;
    final SourceTimes sourceTimes;
    final DubTrack dubs;
    boolean started;

    /** Sound can be rendered up to this sample. */
    long end;

    /** The source's sound reaches to this sample, though its last ones may be held back. */
    long heardTo;

    boolean fillingWait;

    SoundSide(
        SampleRate rate,
        OriginalSound original,
        SoundTrack track,
        SourceTimes sourceTimes,
        DubTrack dubs) {
      this.rate = rate;
      this.original = original;
      this.track = track;
      this.sourceTimes = sourceTimes;
      this.dubs = dubs;
    }

    /** The source's sound goes on nowhere. */
    void completeSource() {
      original.finish();
      end = Math.max(end, heardTo);
    }
  }

  Playout(
      PlayoutOptions options,
      DelayLine line,
      Intake intake,
      Dubbing dubbing,
      Outlet outlet,
      SessionListener listener) {
    this.options = options;
    this.line = line;
    this.intake = intake;
    this.dubbing = dubbing;
    this.outlet = outlet;
    this.listener = listener;
    this.videoSegments =
        new SegmentCount(options.segmentUs(), SessionOptions.LEAST_SEGMENT.toNanos() / 1000);
  }

  /**
   * Takes everything that is due until {@code untilUs} and renders its sound.
   *
   * @param untilUs session time
   */
  void advance(long untilUs) throws MediaException {
    if (finished) {
      return;
    }
    take(untilUs);
    SoundSide side = sound;
    if (side == null || !side.started) {
      return;
    }
    if (line.isDry()) {
      fillWait(side, untilUs);
    } else if (isBeforeShortGap(side)) {
      pushOut(side, side.rate.samplesAt(line.nextDtsUs()));
    } else {
      // The picture goes on: sound that is missing by now is silence.
      silentTo(side, side.rate.samplesAt(untilUs - options.holeToleranceUs()));
    }
    // A packet reaches beyond its own time, and what lies behind may not be decided yet.
    side.track.renderTo(Math.min(side.end, side.rate.samplesAt(untilUs)));
  }

  /**
   * In front of a gap: a little silence, so that the last sound does not stay in the encoder until
   * the gap is over.
   *
   * @param limit the sample at which sound goes on
   */
  private static void pushOut(SoundSide side, long limit) {
    side.completeSource();
    side.end = Math.max(side.end, Math.min(limit, side.heardTo + SoundTrack.CODING_DELAY));
  }

  /** Whether the source comes back so soon that the output's times jump over its absence. */
  private boolean isBeforeShortGap(SoundSide side) {
    return !side.fillingWait
        && line.nextStretch(stretch) != stretch
        && line.nextDtsUs() - lastUs < options.jumpLimitUs();
  }

  /**
   * Without sound from here on up to a sample. Silence whose time has passed long ago, because
   * nothing was sent while the source was waited for, is jumped over: it would leave in one burst.
   */
  private void silentTo(SoundSide side, long sample) throws MediaException {
    if (options.jumpLimitUs() > 0 && side.rate.microsAt(sample - side.end) > FILLED_US) {
      side.completeSource();
      side.track.jump(side.end, sample);
    }
    side.end = Math.max(side.end, sample);
  }

  private void take(long untilUs) throws MediaException {
    for (Delayed next = line.poll(untilUs); next != null; next = line.poll(untilUs)) {
      if (next.isSound()) {
        try (Delayed packet = next) {
          enter(packet);
          takeSound(packet);
        }
      } else {
        takeVideo(next);
      }
    }
  }

  private void takeVideo(Delayed packet) throws MediaException {
    boolean taken = false;
    try {
      enter(packet);
      addReady(
          new OutputPacket(packet.packet(), packet.ptsUs(), packet.dtsUs()),
          packet.format(),
          OptionalLong.of(packet.sourcePtsUs()));
      taken = true;
    } finally {
      if (!taken) {
        packet.close();
      }
    }
  }

  private void enter(Delayed next) throws MediaException {
    if (next.stretch() != stretch) {
      stretch = next.stretch();
      enterStretch(next);
    }
    lastUs = Math.max(lastUs, next.dtsUs());
  }

  private void addReady(
      OutputPacket packet, @Nullable TrackFormat pictureFormat, OptionalLong sourceUs) {
    ready.add(new Ready(packet, pictureFormat, sourceUs, readyCount++));
  }

  /** The source goes on somewhere else: the sound jumps there too, over a gap that is short. */
  private void enterStretch(Delayed first) throws MediaException {
    SoundSide side = sound;
    if (side == null || !side.started) {
      return;
    }
    side.completeSource();
    long resume = first.isSound() ? first.heardFrom() : side.rate.samplesAt(first.dtsUs());
    boolean leapsOver =
        !side.fillingWait && side.rate.microsAt(resume - side.heardTo) < options.jumpLimitUs();
    if (leapsOver && resume > side.end) {
      side.track.jump(side.end, resume);
    }
    side.end = Math.max(side.end, resume);
    side.fillingWait = false;
  }

  private void takeSound(Delayed packet) throws MediaException {
    SoundSide side = soundSide(packet.format());
    if (!side.started) {
      side.started = true;
      side.end = packet.heardFrom();
      side.heardTo = side.end;
      side.track.start(packet.heardFrom());
    }
    side.sourceTimes.add(packet.startSample(), packet.heardTo(), packet.sourcePtsUs());
    side.original.add(packet);
    side.heardTo = Math.max(side.heardTo, packet.heardTo());
    side.end = Math.max(side.end, packet.heardTo() - side.original.held());
  }

  private SoundSide soundSide(TrackFormat format) throws MediaException {
    SoundSide side = sound;
    if (side == null) {
      SoundShape known = intake.shape();
      SoundShape shape = known == null ? SoundShape.of(format) : known;
      SampleRate rate = shape.rate();
      int channels = shape.channels();
      OriginalSound original = OriginalSound.faded(rate, channels, listener);
      SourceTimes sourceTimes = new SourceTimes(rate);
      SoundTrack track =
          new SoundTrack(
              rate,
              channels,
              shape.bitRate(options.bitRate()),
              original,
              dubbing.mixdown(rate, channels),
              (coded, sample) -> addReady(coded, null, sourceTimes.at(sample)));
      side = new SoundSide(rate, original, track, sourceTimes, dubbing.track(rate));
      sound = side;
    }
    return side;
  }

  /**
   * While the source is waited for: nothing at first, then silence, so that the output stays
   * connected.
   */
  private void fillWait(SoundSide side, long untilUs) throws MediaException {
    if (!side.fillingWait && untilUs - lastUs < options.jumpLimitUs()) {
      // This may be the end, which must not become longer by silence.
      return;
    }
    side.completeSource();
    side.fillingWait = true;
    silentTo(side, side.rate.samplesAt(untilUs));
  }

  private OutputFormats formats() {
    return new OutputFormats(picture, sound == null ? null : sound.track.format());
  }

  /**
   * Tells the outlet what the output carries. The formats stay where they are: the outlet copies
   * what it needs.
   */
  private void announce() throws MediaException {
    TrackFormat soundFormat = intake.audio();
    if (soundFormat != null) {
      soundSide(soundFormat);
    }
    if (picture == null) {
      picture = intake.video();
    }
    OutputFormats now = formats();
    if (!now.equals(announced)) {
      announced = now;
      outlet.begin(now);
    }
  }

  /**
   * Up to this session time all that leaves is ready; {@link Long#MAX_VALUE} while there is no
   * sound.
   */
  long readyUs() {
    SoundSide side = sound;
    return side == null || !side.started
        ? Long.MAX_VALUE
        : side.rate.microsAt(side.track.next() - SoundTrack.CODING_DELAY);
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
   * @param nowNanos monotonic clock
   * @param lateness nanoseconds that a packet of this decoding time is late
   */
  void write(long untilUs, long nowNanos, LongUnaryOperator lateness) throws MediaException {
    while (nextOutUs() <= untilUs && !ready.isEmpty()) {
      Ready next = ready.element();
      if (next.picture() != null) {
        picture = next.picture();
      }
      // Not before: what waits in front of this packet is of the formats before.
      if (announced == null || !announced.equals(formats())) {
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
        outlet.write(shifted);
        listener.released(shifted, lateness.applyAsLong(session.dtsUs()));
        written(next, shifted, nowNanos);
      }
    }
  }

  private void written(Ready session, OutputPacket written, long nowNanos) {
    boolean video = session.picture() != null;
    long inUs = session.sourceUs().orElse(Long.MIN_VALUE);
    SoundSide side = sound;
    if (video) {
      avDelta.video(written.ptsUs(), inUs);
      if (videoSegments.reach(session.packet().dtsUs())) {
        listener.videoSegmentReleased();
      }
    } else if (side != null) {
      long start = side.rate.samplesAt(session.packet().ptsUs());
      side.dubs.written(start + AacEncoder.FRAME_SAMPLES, nowNanos);
      if (inUs != Long.MIN_VALUE) {
        avDelta.sound(written.ptsUs(), inUs);
      }
    }
    avDelta.us().ifPresent(listener::avDelta);
  }

  /**
   * Nothing more will be read: renders the last samples and ends the coding. What is ready is still
   * to be written.
   */
  void finish() throws MediaException {
    if (!finished) {
      finished = true;
      take(Long.MAX_VALUE);
      if (sound != null && sound.started) {
        sound.completeSource();
        sound.track.finish(sound.end);
      }
    }
  }

  /** Whether everything has been written. */
  boolean isDone() {
    return finished && ready.isEmpty();
  }

  @Override
  public void close() {
    ready.forEach(next -> next.packet().close());
    ready.clear();
    if (sound != null) {
      sound.track.close();
    }
  }
}
