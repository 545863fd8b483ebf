package babelmux.worker.sound;

/**
 * Limits of changing a dub.
 *
 * @param maxTempo its highest tempo factor, 1 to 2
 * @param minTempo its lowest tempo factor, 0.95 to 1
 * @param strict a dub that is more than 10 % longer or shorter than its slot is refused, and no
 *     tempo is changed
 */
public record FitPolicy(double maxTempo, double minTempo, boolean strict) {
  /** Up to a quarter faster, never slower. */
  public static final FitPolicy DEFAULT = new FitPolicy(1.25, 1, false);

  public FitPolicy {
    if (!(maxTempo >= 1 && maxTempo <= 2)) {
      throw new IllegalArgumentException("the highest tempo is 1 to 2, not " + maxTempo);
    }
    if (!(minTempo >= 0.95 && minTempo <= 1)) {
      throw new IllegalArgumentException("the lowest tempo is 0.95 to 1, not " + minTempo);
    }
  }
}
