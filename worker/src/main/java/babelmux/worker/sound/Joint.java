package babelmux.worker.sound;

/** The ways in which two neighbouring pieces of audio meet. */
public enum Joint {
  /** The dub meets the original: they cross within the dub's slot. */
  ORIGINAL,
  /** Two dubs that go on into one another: nothing is done. */
  SEAMLESS,
  /** Two dubs that do not: each fades, 5 ms. */
  DIP;

  // A codec moves every sample a little: so much steeper than its surroundings a step may be and
  // still be the signal's own.
  private static final float OWN_SLOPE = 1.1f;
  private static final float INAUDIBLE_STEP = 0.002f;
  // More than a period of every voice.
  private static final int SURROUNDINGS = 480;

  /**
   * The gain of the dub; the original's is what is left to 1.
   *
   * @param distance samples from the joint
   * @param fadeSamples length of a cross-fade
   */
  float cross(long distance, int fadeSamples) {
    return this == ORIGINAL ? Fades.in(distance, fadeSamples) : 1f;
  }

  /**
   * The dub's own gain at the joint.
   *
   * @param distance samples from the joint
   * @param fadeSamples length of a cross-fade
   */
  float dip(long distance, int fadeSamples) {
    return this == DIP ? Fades.in(distance, fadeSamples / 2) : 1f;
  }

  /**
   * Returns whether the step from the end of one dub to the start of the next is no larger than the
   * steps around it.
   */
  public static boolean isContinuous(Dub left, Dub right) {
    for (int c = 0; c < left.channelCount(); c++) {
      if (!isContinuous(left, right, c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isContinuous(Dub left, Dub right, int channel) {
    int around = Math.min(SURROUNDINGS, Math.min(left.frames(), right.frames()) - 1);
    float own = 0;
    int last = left.frames() - 1;
    for (int n = 0; n < around; n++) {
      own = Math.max(own, Math.abs(left.at(channel, last - n) - left.at(channel, last - n - 1)));
      own = Math.max(own, Math.abs(right.at(channel, n + 1) - right.at(channel, n)));
    }
    float step = Math.abs(right.at(channel, 0) - left.at(channel, last));
    return step <= own * OWN_SLOPE + INAUDIBLE_STEP;
  }
}
