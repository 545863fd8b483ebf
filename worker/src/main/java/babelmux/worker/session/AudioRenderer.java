package babelmux.worker.session;

import babelmux.media.AacEncoder;
import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.worker.timeline.SampleRate;
import babelmux.worker.timeline.TimeBudget;
import java.util.List;

/**
 * The audio of all outputs: the original is decoded and framed once, each dub mixes and encodes a
 * copy of its own. One thread, the output's.
 */
final class AudioRenderer implements AutoCloseable {
  private static final int FRAME = AacEncoder.FRAME_SAMPLES;

  /** The frame that lasts until sample n has been put out when this much more has been rendered. */
  static final int CODING_DELAY = TimeBudget.HELD_FRAMES * FRAME;

  private final SampleRate rate;
  private final int channels;
  private final OriginalSound original;
  private final Bypass bypass;
  private final SessionListener listener;
  private final List<DubEncoder> dubs;
  private final Survivors<DubEncoder> running;
  private boolean started;
  private long end;
  private long heardTo;
  private long next;
  private long paddedFrom = DubEncoder.NOT_PADDED;
  private boolean finished;

  /**
   * @param original closed with this renderer, as the dubs are
   */
  AudioRenderer(
      SoundShape shape,
      OriginalSound original,
      List<DubEncoder> dubs,
      Bypass bypass,
      SessionListener listener) {
    this.bypass = bypass;
    this.listener = listener;
    this.rate = shape.rate();
    this.channels = shape.channels();
    this.original = original;
    this.dubs = List.copyOf(dubs);
    this.running = new Survivors<>(dubs);
  }

  SampleRate rate() {
    return rate;
  }

  /** The encoder of a dub. */
  DubEncoder of(String dub) {
    for (DubEncoder each : dubs) {
      if (each.name().equals(dub)) {
        return each;
      }
    }
    throw new IllegalArgumentException("no dub " + dub);
  }

  List<DubEncoder> dubs() {
    return dubs;
  }

  /** Returns whether a dub's audio goes on; it does not when it has failed and others have not. */
  boolean runs(DubEncoder dub) {
    return running.contains(dub);
  }

  /** Returns whether there was any audio yet. */
  boolean isStarted() {
    return started;
  }

  /** Audio can be rendered up to this session sample. */
  long end() {
    return end;
  }

  /** The source's audio reaches to this session sample, though its last ones may be held back. */
  long heardTo() {
    return heardTo;
  }

  /** The first sample that was not rendered yet. */
  long next() {
    return next;
  }

  /** A packet of the source; stays the caller's. */
  void add(TimedPacket packet) throws MediaException {
    if (!started) {
      started = true;
      end = packet.heardFrom();
      heardTo = end;
      next = end;
      running.each(dub -> dub.beginAt(next));
    }
    running.each(dub -> dub.source(packet));
    original.add(packet);
    paddedFrom = DubEncoder.NOT_PADDED;
    heardTo = Math.max(heardTo, packet.heardTo());
    end = Math.max(end, packet.heardTo() - original.held());
  }

  /** The source's audio goes on nowhere: its last samples can be rendered, too. */
  void completeSource() {
    original.finish();
    end = Math.max(end, heardTo);
  }

  /** Silence up to a sample, where there is nothing. */
  void extendTo(long sample) {
    if (sample > end) {
      end = sample;
      paddedFrom = DubEncoder.NOT_PADDED;
    }
  }

  /**
   * In front of a gap: as much padding as it takes to get the last audio out of the encoders. It
   * becomes silence where audio goes on behind it, and is dropped where the output jumps or ends.
   *
   * @param limit the sample at which audio goes on
   */
  void pushOut(long limit) {
    completeSource();
    int held = dubs.stream().mapToInt(DubEncoder::heldFrames).max().orElse(0);
    long lastFrameEnd = next - Math.floorDiv(next - heardTo, FRAME) * FRAME;
    long paddedTo = Math.min(limit, lastFrameEnd + (long) held * FRAME);
    if (paddedTo > end) {
      paddedFrom = Math.min(paddedFrom, end);
      end = paddedTo;
    }
  }

  /** Renders every whole frame up to a session sample; silence where the source has nothing. */
  void renderTo(long sample) throws MediaException {
    while (next + FRAME <= sample) {
      render(FRAME, FRAME);
      next += FRAME;
    }
  }

  /**
   * Renders what is left up to {@link #end()}, then goes on at {@code resume}: the output's times
   * jump by the gap. A gap that ends within the frame in which it begins is no jump: it is silence
   * of its own length.
   */
  void jumpTo(long resume) throws MediaException {
    renderTo(end);
    if (resume < next + FRAME) {
      return;
    }
    if (end > next) {
      render((int) (end - next), FRAME);
      next += FRAME;
    }
    long gap = resume - next;
    running.each(dub -> dub.jump(gap, paddedFrom));
    next = resume;
    paddedFrom = DubEncoder.NOT_PADDED;
  }

  /** Renders the last samples and ends the encoding. */
  void finish() throws MediaException {
    if (finished || !started) {
      return;
    }
    finished = true;
    completeSource();
    renderTo(end);
    if (end > next) {
      int rest = (int) (end - next);
      render(rest, rest);
      next = end;
    }
    running.each(dub -> dub.finish(paddedFrom));
  }

  private void render(int heard, int frames) throws MediaException {
    float[][] sound = new float[channels][frames];
    Packet packet = original.read(sound, next, heard);
    boolean shared = running.size() > 1;
    // Once for all dubs: they are switched at the same sample.
    DubShare share = bypass.next(rate, next, heard, listener);
    running.each(dub -> dub.frame(shared ? copy(sound) : sound, packet, next, heard, share));
  }

  private static float[][] copy(float[][] sound) {
    float[][] copy = new float[sound.length][];
    for (int c = 0; c < sound.length; c++) {
      copy[c] = sound[c].clone();
    }
    return copy;
  }

  @Override
  public void close() {
    dubs.forEach(DubEncoder::close);
    original.close();
  }
}
