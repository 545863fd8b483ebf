package babelmux.worker.sound;

/**
 * Limits of bringing dubs to the original's loudness.
 *
 * @param maxGainDb the most that a dub is raised or lowered, decibels
 * @param windowSlots how many slots of the original its loudness is measured over
 */
public record LoudnessOptions(double maxGainDb, int windowSlots) {
  public LoudnessOptions {
    if (!(maxGainDb >= 0 && maxGainDb <= 20)) {
      throw new IllegalArgumentException("the most gain is 0 to 20 dB, not " + maxGainDb);
    }
    if (windowSlots < 1) {
      throw new IllegalArgumentException("a window has slots, not " + windowSlots);
    }
  }
}
