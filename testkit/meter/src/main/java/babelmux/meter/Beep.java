package babelmux.meter;

/**
 * A beep of 100 ms.
 *
 * @param onsetUs presentation time of its first sample, to a part of a millisecond
 * @param onsetSample the same as a count of samples from the first one heard
 * @param second the second that its pitch tells, 0..29
 * @param frequencyHz the pitch as measured; the mark has 1000 + 50 x second
 * @param level amplitude, 1 is full scale
 */
public record Beep(long onsetUs, long onsetSample, int second, double frequencyHz, double level) {}
