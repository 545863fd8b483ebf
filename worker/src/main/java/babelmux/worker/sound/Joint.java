package babelmux.worker.sound;

/** How two neighbouring pieces of sound meet. */
public enum Joint {
  /** The dub meets the original: they cross within the dub's slot. */
  ORIGINAL,
  /** Two dubs that go on into one another: nothing is done. */
  SEAMLESS,
  /** Two dubs that do not: each fades, 5 ms. */
  DIP;

  // How much steeper than its surroundings a step may be and still be the signal's own.
  private static final float OWN_SLOPE = 2f;
  private static final float INAUDIBLE_STEP = 0.002f;
  private static final int SURROUNDINGS = 48;

  /**
   * The dub's gain.
   *
   * @param distance samples from the joint
   * @param fadeSamples length of a cross-fade
   */
  public float gain(long distance, int fadeSamples) {
    return switch (this) {
      case ORIGINAL -> Fades.in(distance, fadeSamples);
      case SEAMLESS -> 1f;
      case DIP -> Fades.in(distance, fadeSamples / 2);
    };
  }

  /**
   * Whether the step from the end of one dub to the start of the next is no larger than the steps
   * around it.
   */
  public static boolean isContinuous(Dub left, Dub right) {
    int around = Math.min(SURROUNDINGS, Math.min(left.frames(), right.frames()) - 1);
    float own = 0;
    int last = left.frames() - 1;
    for (int n = 0; n < around; n++) {
      own = Math.max(own, Math.abs(left.at(0, last - n) - left.at(0, last - n - 1)));
      own = Math.max(own, Math.abs(right.at(0, n + 1) - right.at(0, n)));
    }
    float step = Math.abs(right.at(0, 0) - left.at(0, last));
    return step <= own * OWN_SLOPE + INAUDIBLE_STEP;
  }
}
