package babelmux.worker.sound;

/**
 * What is to be done to a dub.
 *
 * @param action by what it becomes as long as its slot
 * @param tempo how many times as fast it is spoken; 1 unless sped, slowed or cut
 * @param dubFrames its length without the silence at its end that is over
 * @param slotFrames the slot's length, samples
 */
public record FitPlan(FitAction action, double tempo, int dubFrames, int slotFrames) {
  /** How many times as long as its slot it came. */
  public double lengthRatio() {
    return (double) dubFrames / slotFrames;
  }
}
