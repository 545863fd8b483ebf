package babelmux.worker.session;

import babelmux.media.AacEncoder;
import babelmux.media.MediaException;
import babelmux.media.Sound;
import babelmux.media.TrackFormat;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.TimeBudget;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The output's sound: original and dubs mixed frame by frame and given to one encoder that is never
 * restarted. One thread.
 */
final class SoundTrack implements AutoCloseable {
  private static final int FRAME = AacEncoder.FRAME_SAMPLES;

  /** The frame that lasts until sample n has been put out when this much more has been rendered. */
  static final int CODING_DELAY = TimeBudget.HELD_FRAMES * FRAME;

  private final SampleRate rate;
  private final int channels;
  private final OriginalSound original;
  private final Mixdown mixdown;
  private final AacEncoder encoder;
  private final Receiver out;
  // Where the encoder's count and the session's part: at the start, and where the output jumps over
  // a gap.
  private final Deque<Shift> shifts = new ArrayDeque<>();
  private long encoded;
  private long next;
  private boolean finished;

  /** Takes coded packets over. */
  interface Receiver {
    /**
     * @param packet its times are session microseconds
     * @param startSample the session's sample that is heard first
     */
    void accept(OutputPacket packet, long startSample);
  }

  /** From this sample of the encoder's count on, session sample = encoder sample + by. */
  private record Shift(long from, long by) {}

  SoundTrack(
      SampleRate rate,
      int channels,
      int bitRate,
      OriginalSound original,
      Mixdown mixdown,
      Receiver out)
      throws MediaException {
    this.rate = rate;
    this.channels = channels;
    this.original = original;
    this.mixdown = mixdown;
    this.out = out;
    this.encoder = new AacEncoder(rate.hz(), channels, bitRate);
  }

  /** Sound begins: the session's sample that leaves first. */
  void start(long sample) {
    next = sample;
    shifts.addLast(new Shift(Long.MIN_VALUE, sample));
  }

  /** The coded sound's format; this track's. */
  TrackFormat format() {
    return encoder.format();
  }

  /** The first sample that was not rendered yet. */
  long next() {
    return next;
  }

  /** Renders every whole frame up to a session sample; silence where the source has nothing. */
  void renderTo(long sample) throws MediaException {
    while (next + FRAME <= sample) {
      render(FRAME, FRAME);
      next += FRAME;
    }
  }

  /**
   * Renders what is left up to {@code end}, then goes on at {@code resume}: the output's times jump
   * by the gap. A gap that ends within the frame in which it begins is no jump: it is silence of
   * its own length.
   */
  void jump(long end, long resume) throws MediaException {
    renderTo(end);
    if (resume < next + FRAME) {
      return;
    }
    if (end > next) {
      render((int) (end - next), FRAME);
      next += FRAME;
    }
    encode(mixdown.rest());
    if (resume > next) {
      next = resume;
      shifts.addLast(new Shift(encoded, next - encoded));
    }
  }

  /** Renders the last samples, up to {@code end}, and ends the coding. */
  void finish(long end) throws MediaException {
    if (finished) {
      return;
    }
    finished = true;
    renderTo(end);
    if (end > next) {
      int rest = (int) (end - next);
      render(rest, rest);
      next = end;
    }
    encode(mixdown.rest());
    emit(encoder.finish());
  }

  private void render(int heard, int frames) throws MediaException {
    float[][] sound = new float[channels][frames];
    original.read(sound, next, heard);
    encode(mixdown.next(sound, next, heard));
  }

  private void encode(float @Nullable [][] frame) throws MediaException {
    if (frame != null) {
      List<AacEncoder.Encoded> coded = encoder.encode(new Sound(frame, rate.hz()), encoded);
      encoded += frame[0].length;
      emit(coded);
    }
  }

  private void emit(List<AacEncoder.Encoded> coded) {
    for (AacEncoder.Encoded frame : coded) {
      while (shifts.size() > 1 && secondShift().from() <= frame.startSample()) {
        shifts.removeFirst();
      }
      long sample = frame.startSample() + shifts.getFirst().by();
      long us = rate.microsAt(sample);
      out.accept(new OutputPacket(frame.packet(), us, us), sample);
    }
  }

  private Shift secondShift() {
    var all = shifts.iterator();
    all.next();
    return all.next();
  }

  @Override
  public void close() {
    encoder.close();
    original.close();
  }
}
