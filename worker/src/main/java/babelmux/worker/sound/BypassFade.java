package babelmux.worker.sound;

/**
 * How much of the dub is heard when an operator takes it off air and puts it back. A value: what is
 * heard at a sample follows from the switches before it and from nothing else. Each switch is a
 * fade as at a joint, 10 ms; one that comes within a fade turns that one round where it is.
 *
 * @param fadeSamples length of a fade
 * @param sample the last switch
 * @param level what was heard there, in samples of a fade: 0 is the original alone, {@code
 *     fadeSamples + 1} the dub alone
 * @param isOn whether the original is to be heard from there on
 */
public record BypassFade(int fadeSamples, long sample, int level, boolean isOn) {

  /** From the first sample on the same is heard. */
  public static BypassFade settled(int sampleRate, boolean on) {
    int fade = Overlay.fadeSamples(sampleRate);
    return new BypassFade(fade, 0, on ? 0 : fade + 1, on);
  }

  /**
   * The same up to a sample, and switched from there on.
   *
   * @param at not before the last switch
   */
  public BypassFade switched(long at, boolean on) {
    return on == isOn ? this : new BypassFade(fadeSamples, at, levelAt(at), on);
  }

  /** The dub's share at a sample; the original's is what is left to 1. */
  public float share(long at) {
    return Fades.in(levelAt(at) - 1, fadeSamples);
  }

  /** Returns whether nothing but the dub is heard from a sample on. */
  public boolean isDubFrom(long at) {
    return !isOn && levelAt(at) > fadeSamples;
  }

  private int levelAt(long at) {
    long passed = Math.max(0, at - sample);
    return (int) Math.max(0, Math.min(fadeSamples + 1, isOn ? level - passed : level + passed));
  }
}
