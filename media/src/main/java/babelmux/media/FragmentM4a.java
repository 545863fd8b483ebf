package babelmux.media;

import java.util.List;

/**
 * A segment of an AAC source as an M4A file, made of the source's own packets: nothing is encoded a
 * second time. An edit list hides the samples before the segment's first one: the frame of pre-roll
 * that the decoder needs, and the start of the frame in which the segment begins.
 */
public final class FragmentM4a {
  private FragmentM4a() {}

  /**
   * @param packets the frame before the segment if there is one, and the frames that cover it; stay
   *     the caller's
   * @param format the source's
   * @param skipSamples samples of {@code packets} before the segment's first one
   * @param lengthSamples the segment's length; the last packet's surplus is not counted
   * @param frameSamples samples in each packet
   */
  public static byte[] of(
      List<Packet> packets,
      TrackFormat format,
      int skipSamples,
      int lengthSamples,
      int frameSamples)
      throws MediaException {
    try (MemoryOutput out = new MemoryOutput("ipod", format)) {
      long at = -skipSamples;
      for (Packet packet : packets) {
        int counted = (int) Math.min(frameSamples, lengthSamples - at);
        out.write(packet, at, Math.max(1, counted));
        at += frameSamples;
      }
      return out.finish();
    }
  }
}
