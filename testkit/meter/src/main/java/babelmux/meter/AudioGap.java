package babelmux.meter;

/**
 * A place where the container's times and the count of samples part.
 *
 * @param sample the first sample after it, counted from the first one heard
 * @param atUs where the sound before it ends
 * @param lengthUs more than 0: time without samples; less: sound that overlaps
 */
public record AudioGap(long sample, long atUs, long lengthUs) {}
