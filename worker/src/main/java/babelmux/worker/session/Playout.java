package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.media.TrackFormat;
import babelmux.worker.output.Outlet;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.timeline.SampleRate;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Takes packets out of the delay line and makes the output of them: the picture as it is, the sound
 * mixed and coded, both in the order of their decoding times. It knows no clock: its caller says
 * how far time has come. One thread.
 */
final class Playout implements AutoCloseable {
  // A source that stalls before it is lost is silent already: no second gap behind that.
  private static final long FILLED_US = 1_000_000;

  private final PlayoutOptions options;
  private final DelayLine line;
  private final Intake intake;
  private final Dubbing dubbing;
  private final Outlet outlet;
  private final SessionListener listener;
  private final PriorityQueue<Ready> ready =
      new PriorityQueue<>(Comparator.comparingLong(next -> next.packet().dtsUs()));
  private @Nullable TrackFormat picture;
  private @Nullable SoundSide sound;
  private @Nullable OutputFormats announced;
  private long lastUs;
  private int stretch;
  private boolean finished;

  /**
   * A packet that waits for its time.
   *
   * @param picture the picture's format from this packet on; null for sound
   */
  private record Ready(OutputPacket packet, @Nullable TrackFormat picture) {}

  /** What belongs to the output's sound, from the moment on when there is any. */
  private static final class SoundSide {
    final SampleRate rate;
    final OriginalSound original;
    final SoundTrack track;
    boolean started;

    /** Sound can be rendered up to this sample. */
    long end;

    /** The source's sound reaches to this sample, though its last ones may be held back. */
    long heardTo;

    boolean fillingWait;

    SoundSide(SampleRate rate, OriginalSound original, SoundTrack track) {
      this.rate = rate;
      this.original = original;
      this.track = track;
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
  }

  /**
   * Takes everything that is due until {@code untilUs} and renders its sound.
   *
   * @param untilUs session time
   */
  void advance(long untilUs, long nowNanos) throws MediaException {
    if (finished) {
      return;
    }
    take(untilUs, nowNanos);
    SoundSide side = sound;
    if (side == null || !side.started) {
      return;
    }
    if (line.isDry()) {
      fillWait(side, untilUs, nowNanos);
    } else if (!isBeforeShortGap(side)) {
      // The picture goes on: sound that is missing by now is silence.
      side.end = Math.max(side.end, side.rate.samplesAt(untilUs - options.holeToleranceUs()));
    }
    // A packet reaches beyond its own time, and what lies behind may not be decided yet.
    side.track.renderTo(Math.min(side.end, side.rate.samplesAt(untilUs)), nowNanos);
  }

  /** Whether the source comes back so soon that the output's times jump over its absence. */
  private boolean isBeforeShortGap(SoundSide side) {
    return !side.fillingWait
        && line.nextStretch(stretch) != stretch
        && line.nextDtsUs() - lastUs < options.jumpLimitUs();
  }

  private void take(long untilUs, long nowNanos) throws MediaException {
    for (Delayed next = line.poll(untilUs); next != null; next = line.poll(untilUs)) {
      if (next.stretch() != stretch) {
        stretch = next.stretch();
        enterStretch(next, nowNanos);
      }
      lastUs = Math.max(lastUs, next.dtsUs());
      if (next.isSound()) {
        try (Delayed packet = next) {
          takeSound(packet);
        }
      } else {
        ready.add(
            new Ready(new OutputPacket(next.packet(), next.ptsUs(), next.dtsUs()), next.format()));
      }
    }
  }

  /** The source goes on somewhere else: the sound jumps there too, over a gap that is short. */
  private void enterStretch(Delayed first, long nowNanos) throws MediaException {
    SoundSide side = sound;
    if (side == null || !side.started) {
      return;
    }
    side.completeSource();
    long resume = first.isSound() ? first.heardFrom() : side.rate.samplesAt(first.dtsUs());
    boolean leapsOver =
        !side.fillingWait && side.rate.microsAt(resume - side.heardTo) < options.jumpLimitUs();
    if (leapsOver && resume > side.end) {
      side.track.jump(side.end, resume, nowNanos);
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
    listener.avDelta(side.rate.microsAt(packet.startSample()) - packet.ptsUs());
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
      OriginalSound original = new OriginalSound(rate.hz(), channels, listener);
      SoundTrack track =
          new SoundTrack(
              rate,
              channels,
              shape.bitRate(options.bitRate()),
              original,
              dubbing.mixdown(rate, channels),
              coded -> ready.add(new Ready(coded, null)));
      side = new SoundSide(rate, original, track);
      sound = side;
    }
    return side;
  }

  /**
   * While the source is waited for: nothing at first, then silence, so that the output stays
   * connected.
   */
  private void fillWait(SoundSide side, long untilUs, long nowNanos) throws MediaException {
    if (!side.fillingWait && untilUs - lastUs < options.jumpLimitUs()) {
      return;
    }
    long silentTo = side.rate.samplesAt(untilUs);
    side.completeSource();
    if (!side.fillingWait) {
      side.fillingWait = true;
      if (side.rate.microsAt(silentTo - side.end) > FILLED_US) {
        side.track.jump(side.end, silentTo, nowNanos);
      }
    }
    side.end = Math.max(side.end, silentTo);
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
   * @param lateness nanoseconds that a packet of this decoding time is late
   */
  void write(long untilUs, LongUnaryOperator lateness) throws MediaException {
    while (nextOutUs() <= untilUs && !ready.isEmpty()) {
      Ready next = ready.element();
      if (next.picture() != null) {
        picture = next.picture();
      }
      // Not before: what waits in front of this packet is of the formats before.
      if (announced == null || !announced.equals(formats())) {
        announce();
      }
      OutputPacket session = ready.remove().packet();
      OutputPacket shifted =
          new OutputPacket(
              session.packet(),
              session.ptsUs() + options.startUs(),
              session.dtsUs() + options.startUs());
      try (shifted) {
        outlet.write(shifted);
        listener.released(shifted, lateness.applyAsLong(session.dtsUs()));
      }
    }
  }

  /**
   * Nothing more will be read: renders the last samples and ends the coding. What is ready is still
   * to be written.
   */
  void finish(long nowNanos) throws MediaException {
    if (!finished) {
      finished = true;
      take(Long.MAX_VALUE, nowNanos);
      if (sound != null && sound.started) {
        sound.completeSource();
        sound.track.finish(sound.end, nowNanos);
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
