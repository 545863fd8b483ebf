package babelmux.origin.video;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Derives the DTS of one track for one reader, in ticks of 90 kHz. Every reader has its own: it
 * learns how far pictures are reordered from the pictures that it got. Not thread-safe.
 */
abstract class DtsClock {
  static final long TICKS_PER_MS = 90;

  private @Nullable Long previous;

  /** A derived DTS; {@code exact} = false when it only keeps the order and may be over the PTS. */
  record Derived(long dts, boolean exact) {}

  /**
   * Derives the DTS of the next picture in decoding order.
   *
   * @param nals of the picture, with parameter sets in front of a keyframe
   * @param pts 90 kHz
   * @throws ReaderRefusedException where MediaMTX ends the reader's connection
   * @throws BitstreamException when the picture cannot be parsed
   */
  final long next(List<byte[]> nals, long pts) throws ReaderRefusedException, BitstreamException {
    Derived derived = derive(nals, pts, previous);
    if (derived.exact() && derived.dts() > pts) {
      throw new ReaderRefusedException("DTS is greater than PTS");
    }
    Long before = previous;
    if (before != null && derived.dts() < before) {
      throw new ReaderRefusedException(
          "DTS is not monotonically increasing, was " + before + ", now is " + derived.dts());
    }
    previous = derived.dts();
    return derived.dts();
  }

  abstract Derived derive(List<byte[]> nals, long pts, @Nullable Long previous)
      throws ReaderRefusedException, BitstreamException;

  /**
   * The DTS that leaves room for the pictures that are decoded later and shown earlier.
   *
   * @param lead how many pictures come between the previous DTS and this PTS
   */
  static long share(long previous, long pts, long lead) {
    return previous + (pts - previous) / (lead + 1);
  }
}
