package babelmux.worker.session;

import babelmux.media.AacEncoder;
import babelmux.media.AacWindow;
import babelmux.media.MediaException;
import babelmux.media.Packet;
import babelmux.media.Sound;
import babelmux.media.TrackFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes AAC frames of audio: where it is the source's own, the source's own packets, else those of
 * an encoder, which does not run meanwhile. Both have the same grid, and leave equally late.
 *
 * <p>An AAC frame overlaps the one before it, and what it aliases there is cancelled by the other
 * half. So a packet is the source's only where both frames that it covers are, and one kind follows
 * the other where both have windows of the same right half ({@link AacWindow}). The encoder is fed
 * some frames in front of such a joint. Where it must be at once and the windows differ, it is
 * there nevertheless: one frame has some noise. One thread.
 */
final class SplicedEncoder implements AutoCloseable {
  /** Frames that are known behind the one that leaves. */
  private static final int HELD = AacEncoder.HELD_FRAMES;

  // The coder judges a frame by those before it, and what it held before it stood still is of no
  // use any more.
  private static final int USELESS = 1;

  /** The ones that are held, the one that leaves, the one before it, and some to feed. */
  private static final int KEPT = HELD + 6;

  /** So early has to be told that the audio will not be the source's own. */
  static final int NOTICE_SAMPLES = 12 * AacEncoder.FRAME_SAMPLES;

  private final AudioEncoder encoder;
  private final List<Frame> frames = new ArrayList<>();
  private boolean feeding = true;
  private long fed;
  private long shift;
  private long usableFrom = Long.MIN_VALUE;
  private boolean copied;

  /**
   * A coded frame.
   *
   * @param packet the receiver's to close
   * @param startSample the frame's first sample, decoded
   * @param copied whether it is the source's packet
   */
  record Coded(Packet packet, long startSample, boolean copied) {}

  /** One frame, from when it is given until it is no longer needed to feed the encoder. */
  private static final class Frame {
    final long startSample;
    final @Nullable Sound sound;
    final @Nullable Packet original;
    @Nullable Packet coded;
    @Nullable AacWindow codedWindow;

    /**
     * @param sound null for the encoder's priming
     * @param original this frame's to close
     */
    Frame(long startSample, @Nullable Sound sound, @Nullable Packet original) {
      this.startSample = startSample;
      this.sound = sound;
      this.original = original;
    }

    void forgetCoded() {
      if (coded != null) {
        coded.close();
      }
      coded = null;
      codedWindow = null;
    }

    void close() {
      if (original != null) {
        original.close();
      }
      forgetCoded();
    }
  }

  /**
   * @param encoder closed with this one
   */
  SplicedEncoder(AudioEncoder encoder) {
    this.encoder = encoder;
  }

  /** The format to give to a muxer; stays this encoder's. */
  TrackFormat format() {
    return encoder.format();
  }

  /**
   * Takes the next frame.
   *
   * @param sound {@link AacEncoder#FRAME_SAMPLES} samples, fewer only in the very last call before
   *     {@link #finish()}
   * @param startSample the position of its first sample; positions are continuous
   * @param original the source's packet that decodes to exactly this sound; stays the caller's.
   *     Null when there is none
   * @param settled whether the audio is the source's own for {@link #NOTICE_SAMPLES} as far as is
   *     known
   * @return the frames that are ready, none or one as a rule
   */
  List<Coded> encode(Sound sound, long startSample, @Nullable Packet original, boolean settled)
      throws MediaException {
    if (frames.isEmpty()) {
      frames.add(new Frame(startSample - AacEncoder.FRAME_SAMPLES, null, null));
      shift = startSample;
    }
    if (!feeding && (original == null || !settled)) {
      feedAgain();
    }
    Frame frame = new Frame(startSample, sound, original == null ? null : original.share());
    frames.add(frame);
    if (feeding) {
      feed(frame);
    }
    List<Coded> out = new ArrayList<>(1);
    leave(frames.size() - 1 - HELD, settled, out);
    while (frames.size() > KEPT) {
      frames.remove(0).close();
    }
    return out;
  }

  /** The frames that are left. Nothing can be encoded afterwards. */
  List<Coded> finish() throws MediaException {
    List<Coded> out = new ArrayList<>();
    if (feeding) {
      keep(encoder.finish());
    }
    for (int at = Math.max(0, frames.size() - HELD); at < frames.size(); at++) {
      leave(at, false, out);
    }
    return out;
  }

  private void feedAgain() throws MediaException {
    feeding = true;
    usableFrom = fed + (long) USELESS * AacEncoder.FRAME_SAMPLES;
    boolean first = true;
    for (Frame frame : frames) {
      // Of the feeding before, which is not continued.
      frame.forgetCoded();
      if (frame.sound != null) {
        if (first) {
          shift = frame.startSample - fed;
          first = false;
        }
        feed(frame);
      }
    }
  }

  private void feed(Frame frame) throws MediaException {
    Sound sound = frame.sound;
    if (sound != null) {
      long at = fed;
      fed += sound.frames();
      keep(encoder.encode(sound, at));
    }
  }

  private void keep(List<AacEncoder.Encoded> coded) {
    for (AacEncoder.Encoded each : coded) {
      Frame frame = each.startSample() < usableFrom ? null : at(each.startSample() + shift);
      if (frame == null) {
        each.packet().close();
        continue;
      }
      frame.coded = each.packet();
      if (frame.original != null) {
        frame.codedWindow = AacWindow.of(each.packet());
      }
    }
  }

  private @Nullable Frame at(long startSample) {
    for (int n = frames.size() - 1; n >= 0; n--) {
      if (frames.get(n).startSample == startSample) {
        return frames.get(n);
      }
    }
    return null;
  }

  private void leave(int at, boolean settled, List<Coded> out) {
    if (at < 0) {
      return;
    }
    Frame frame = frames.get(at);
    Packet coded = frame.coded;
    copied =
        coded == null || copies(copied, isOriginal(at), isOriginal(at + 1), joins(at), settled);
    if (coded != null && !copied) {
      out.add(new Coded(coded, frame.startSample, false));
      frame.coded = null;
    } else if (frame.original != null) {
      out.add(new Coded(frame.original.share(), frame.startSample, true));
      feeding &= !settled;
    }
  }

  /**
   * Returns whether a frame is to be the source's packet.
   *
   * @param copied whether the one before is
   * @param can whether it can be
   * @param nextCan whether the next one can be
   * @param joins whether the other kind could follow the frame before without noise
   * @param settled whether the audio stays the source's own for a while
   */
  static boolean copies(
      boolean copied, boolean can, boolean nextCan, boolean joins, boolean settled) {
    boolean stay = settled && nextCan;
    if (!can) {
      return false;
    }
    return joins ? stay : copied;
  }

  /** Returns whether all that a frame's window covers is the source's own. */
  private boolean isOriginal(int at) {
    return isOriginalHalf(at) && isOriginalHalf(at + 1);
  }

  /** Behind the end there is nothing that could be anything else. */
  private boolean isOriginalHalf(int at) {
    return at >= frames.size() || frames.get(at).original != null;
  }

  private boolean joins(int at) {
    Frame before = at == 0 ? null : frames.get(at - 1);
    if (before == null || before.original == null || before.codedWindow == null) {
      return false;
    }
    return before.codedWindow.equals(AacWindow.of(before.original));
  }

  @Override
  public void close() {
    frames.forEach(Frame::close);
    frames.clear();
    encoder.close();
  }
}
