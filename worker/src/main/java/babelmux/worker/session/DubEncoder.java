package babelmux.worker.session;

import babelmux.media.AacEncoder;
import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Sound;
import babelmux.media.TrackFormat;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.timeline.AvDelta;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.SourceTimes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The audio of one dub in the output: its dubs over the original, given frame by frame to one
 * encoder, which leaves out what can be the source's own packets. One thread, the output's.
 */
final class DubEncoder implements AutoCloseable {
  /** The session sample from which on there is padding, where there is none. */
  static final long NOT_PADDED = Long.MAX_VALUE;

  private final SegmentDubber dubber;
  private final SampleRate rate;
  private final DubTimeline timeline;
  private final Mixdown mixdown;
  private final SplicedEncoder encoder;
  private final Receiver out;
  private final SourceTimes sourceTimes;
  private final AvDelta avDelta = new AvDelta();
  // Where the encoder's count and the session's part: at the start, and where the output jumps over
  // a gap or ends.
  private final Deque<Shift> shifts = new ArrayDeque<>();
  private long encoded;

  /** Takes encoded packets over. */
  @FunctionalInterface
  interface Receiver {
    /**
     * @param packet its times are session microseconds
     * @param sourceUs PTS that its first sample has in the source, unwrapped; empty for silence
     */
    void accept(DubEncoder from, OutputPacket packet, OptionalLong sourceUs);
  }

  /**
   * From one sample of the encoder's count on, session sample = encoder sample + by.
   *
   * @param paddingFrom frames from here to {@code from} are padding, and dropped
   */
  private record Shift(long paddingFrom, long from, long by) {
    boolean drops(long sample) {
      return sample >= paddingFrom && sample < from;
    }
  }

  DubEncoder(SegmentDubber dubber, SoundShape shape, AudioEncoder.Factory encoders, Receiver out)
      throws MediaException {
    this.dubber = dubber;
    this.rate = shape.rate();
    this.timeline = dubber.timeline(rate);
    this.mixdown = dubber.mixdown(shape);
    this.out = out;
    this.sourceTimes = new SourceTimes(rate);
    this.encoder =
        new SplicedEncoder(encoders.open(rate.hz(), shape.channels(), dubber.bitRate(shape)));
  }

  /** The name of its dub. */
  String name() {
    return dubber.name();
  }

  /** The encoded audio's format; this encoder's. */
  TrackFormat format() {
    return encoder.format();
  }

  /** Frames that have to follow one before it is a packet. */
  int heldFrames() {
    return AacEncoder.HELD_FRAMES + mixdown.heldFrames();
  }

  /** A packet of the source has its place: what it becomes is compared with its time. */
  void source(TimedPacket packet) {
    sourceTimes.add(packet.startSample(), packet.heardTo(), packet.sourcePtsUs());
  }

  /** The first frame belongs at this session sample. */
  void beginAt(long sample) {
    shifts.addLast(new Shift(Long.MIN_VALUE, Long.MIN_VALUE, sample - encoded));
  }

  /**
   * The next frame belongs later than right behind the one before; what is still held back for
   * mixing is encoded.
   *
   * @param samples how much later
   * @param paddedFrom see {@link #finish}
   */
  void jump(long samples, long paddedFrom) throws MediaException {
    long by = shifts.getLast().by();
    float[][] rest = mixdown.rest();
    long from = encoded + (rest == null ? 0 : rest[0].length);
    long paddingFrom = paddedFrom == NOT_PADDED ? from : paddedFrom - by;
    // What is decoded of a frame needs the one before: of padding that one belongs behind the jump.
    long lead = from - AacEncoder.FRAME_SAMPLES;
    if (paddingFrom <= lead) {
      from = lead;
    }
    shifts.addLast(new Shift(paddingFrom, from, by + samples));
    encode(rest, null, false);
  }

  /**
   * Mixes and encodes the next frame.
   *
   * @param original {@code original[c][n]}; given away
   * @param packet the source's packet that decodes to it; null when there is none
   * @param startSample its first sample, on the session's count
   * @param heard samples of it that belong to the source's time, the rest is silence
   * @param share how much of the dubs is heard
   */
  void frame(
      float[][] original, @Nullable Packet packet, long startSample, int heard, DubShare share)
      throws MediaException {
    float[][] mixed = mixdown.next(original, startSample, heard, share);
    boolean copyable = dubber.copiesAudio() && mixdown.isUntouched();
    boolean settled =
        share.bypassed()
            || timeline.isOriginalUntil(startSample + heard + SplicedEncoder.NOTICE_SAMPLES);
    encode(mixed, copyable ? packet : null, copyable && settled);
  }

  /**
   * Ends the encoding.
   *
   * @param paddedFrom from this session sample on there is padding, which does not leave, or {@link
   *     #NOT_PADDED}
   */
  void finish(long paddedFrom) throws MediaException {
    if (paddedFrom != NOT_PADDED) {
      shifts.addLast(new Shift(paddedFrom - shifts.getLast().by(), Long.MAX_VALUE, 0));
    }
    encode(mixdown.rest(), null, false);
    emit(encoder.finish());
  }

  private void encode(float @Nullable [][] frame, @Nullable Packet original, boolean settled)
      throws MediaException {
    if (frame != null) {
      List<SplicedEncoder.Coded> coded =
          encoder.encode(new Sound(frame, rate.hz()), encoded, original, settled);
      encoded += frame[0].length;
      emit(coded);
    }
  }

  private void emit(List<SplicedEncoder.Coded> coded) {
    for (SplicedEncoder.Coded frame : coded) {
      while (shifts.size() > 1 && secondShift().from() <= frame.startSample()) {
        shifts.removeFirst();
      }
      if (shifts.size() > 1 && secondShift().drops(frame.startSample())) {
        frame.packet().close();
        continue;
      }
      long sample = frame.startSample() + shifts.getFirst().by();
      long us = rate.microsAt(sample);
      dubber.listener().audioFrame(frame.copied());
      out.accept(this, new OutputPacket(frame.packet(), us, us), sourceTimes.at(sample));
    }
  }

  private Shift secondShift() {
    var all = shifts.iterator();
    all.next();
    return all.next();
  }

  /** A video packet was written: its PTS in the output and in the source, microseconds. */
  void videoWritten(long outUs, long inUs) {
    avDelta.video(outUs, inUs);
    avDelta.us().ifPresent(dubber.listener()::avDelta);
  }

  /**
   * A packet of this audio was written.
   *
   * @param sessionUs its PTS on the session's timeline, microseconds
   * @param outUs its PTS in the output, microseconds
   * @param inUs PTS that its first sample has in the source; empty for silence
   */
  void audioWritten(long sessionUs, long outUs, OptionalLong inUs, long nowNanos) {
    timeline.written(rate.samplesAt(sessionUs) + AacEncoder.FRAME_SAMPLES, nowNanos);
    if (inUs.isPresent()) {
      avDelta.sound(outUs, inUs.getAsLong());
    }
    avDelta.us().ifPresent(dubber.listener()::avDelta);
  }

  @Override
  public void close() {
    encoder.close();
  }

  @Override
  public String toString() {
    return "the audio of " + dubber;
  }
}
