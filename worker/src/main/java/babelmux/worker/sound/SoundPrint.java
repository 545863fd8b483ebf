package babelmux.worker.sound;

import babelmux.media.Sound;

/** Fingerprint of a piece of audio: a hash for each 100 ms of its samples. Immutable. */
public final class SoundPrint {
  private static final int BLOCKS_PER_SECOND = 10;
  // Half a second: a shorter one says little.
  private static final int MIN_BLOCKS = 5;
  // The end of the shorter one may be faded, and an encoder smears that over some more samples.
  private static final int END_BLOCKS = 2;

  private final long[] blocks;

  private SoundPrint(long[] blocks) {
    this.blocks = blocks;
  }

  /** Takes the fingerprint; less than a millisecond of work for 6 s. Pure. */
  public static SoundPrint of(Sound sound) {
    int length = Math.max(1, sound.sampleRate() / BLOCKS_PER_SECOND);
    long[] blocks = new long[sound.frames() / length];
    for (float[] channel : sound.channels()) {
      for (int i = 0; i < blocks.length; i++) {
        long hash = blocks[i];
        for (int n = i * length; n < (i + 1) * length; n++) {
          hash = 31 * hash + Float.floatToIntBits(channel[n]);
        }
        blocks[i] = hash;
      }
    }
    return new SoundPrint(blocks);
  }

  /**
   * Returns whether two pieces have the same samples up to 0.2 s before the end of the shorter one,
   * for half a second at least: one of them may be cut, faded, or padded with silence to another
   * length.
   */
  public boolean isSameAs(SoundPrint other) {
    int common = Math.min(blocks.length, other.blocks.length) - END_BLOCKS;
    for (int i = 0; i < common; i++) {
      if (blocks[i] != other.blocks[i]) {
        return false;
      }
    }
    return common >= MIN_BLOCKS;
  }
}
