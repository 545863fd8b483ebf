package babelmux.meter;

/**
 * A picture that does not follow the one before it.
 *
 * @param ptsUs its presentation time
 * @param expected the number that should have come, 0..899
 * @param found the number that it carries, -1 if it cannot be read
 */
public record FrameFault(long ptsUs, int expected, int found) {}
