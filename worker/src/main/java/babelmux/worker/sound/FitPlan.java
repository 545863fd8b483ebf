package babelmux.worker.sound;

/**
 * A plan for fitting a dub to its slot.
 *
 * @param action by what it becomes as long as its slot
 * @param tempo its tempo factor; 1 unless sped, slowed or cut
 * @param dubFrames its length without the silence at its end that is over
 * @param slotFrames the slot's length, samples
 */
public record FitPlan(FitAction action, double tempo, int dubFrames, int slotFrames) {
  /** The dub's length divided by its slot's. */
  public double lengthRatio() {
    return (double) dubFrames / slotFrames;
  }
}
