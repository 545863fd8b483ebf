package babelmux.worker.session;

/** Places a source on the wall clock. The reader's thread. */
interface SourceClock {
  /**
   * Time that has passed since the session's first packet, microseconds; 0 for that packet.
   *
   * @param sourceDtsUs the packet's DTS in the source
   * @param nowNanos when it was read, the driver's clock
   */
  long elapsedUs(long sourceDtsUs, long nowNanos);

  /**
   * A packet has its place on the session's timeline.
   *
   * @param packet stays the caller's
   * @param newRun whether a contiguous run of source time begins with it
   * @param nowNanos when it was read, the driver's clock
   */
  void placed(TimedPacket packet, boolean newRun, long nowNanos);
}
