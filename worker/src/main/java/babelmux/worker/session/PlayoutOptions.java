package babelmux.worker.session;

/**
 * @param bitRate of the output's sound, bits per second
 * @param startUs the output time of session time 0
 * @param segmentUs length of a segment
 * @param holeToleranceUs how late sound may come, counted from when it is mixed, before its absence
 *     is silence
 * @param jumpLimitUs a gap between two runs shorter than this is jumped over, a longer one is
 *     filled with silence: MediaMTX disconnects a publisher that sends nothing for 10 s
 */
record PlayoutOptions(
    int bitRate, long startUs, long segmentUs, long holeToleranceUs, long jumpLimitUs) {}
