package babelmux.meter;

/**
 * A flash: the first lit picture after a dark one.
 *
 * @param ptsUs its presentation time
 * @param frameNumber the number that the picture carries, 0..899; -1 if it cannot be read
 * @param second the second that the flash marks, 0..29; -1 if no flash belongs at this frame
 */
public record Flash(long ptsUs, int frameNumber, int second) {}
