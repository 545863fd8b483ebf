package babelmux.meter;

import java.util.ArrayList;
import java.util.List;

/**
 * A recording that should be one tone from its start to its end.
 *
 * @param purity of all but 0.2 s at either end
 * @param joints what is left at each multiple of 6 s from the first sample heard
 */
public record ToneCheck(Tones.Purity purity, List<Tones.Joint> joints) {
  private static final double EDGE_SECONDS = 0.2;

  /**
   * Looks at the first channel.
   *
   * @throws IllegalArgumentException when the sound is shorter than half a second
   */
  public static ToneCheck of(Sound sound, double hz) {
    Tones tones = Tones.of(sound, 0);
    int edge = (int) (EDGE_SECONDS * sound.rate());
    List<Tones.Joint> joints = new ArrayList<>();
    int slot = Comparison.SLOT_SECONDS * sound.rate();
    for (int at = slot; at + edge < sound.length(); at += slot) {
      joints.add(tones.joint(hz, at));
    }
    return new ToneCheck(
        tones.purity(hz, edge, Math.max(edge, sound.length() - edge)), List.copyOf(joints));
  }
}
