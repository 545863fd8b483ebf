package babelmux.worker.session;

/**
 * @param bitRate of the output's sound, bits per second
 * @param startUs the output time of session time 0
 * @param holeToleranceUs how late sound may stand behind the picture in the source before its
 *     absence is silence
 * @param jumpLimitUs a gap between two stretches shorter than this is jumped over, a longer one is
 *     filled with silence: MediaMTX throws out a publisher that sends nothing for 10 s
 */
record PlayoutOptions(int bitRate, long startUs, long holeToleranceUs, long jumpLimitUs) {
  static final long JUMP_LIMIT_US = 8_000_000;
}
