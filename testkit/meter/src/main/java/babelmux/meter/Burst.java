package babelmux.meter;

/**
 * A short pure tone, whatever its pitch and length.
 *
 * @param from its first sample, at half its level
 * @param to the sample after its last one
 * @param hz its pitch
 */
record Burst(int from, int to, double hz) {}
