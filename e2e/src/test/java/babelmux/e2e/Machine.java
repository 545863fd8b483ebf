package babelmux.e2e;

/**
 * Locks of the machine that all tests share. A class of each kind runs beside the others; the
 * heaviest, which look at every stream of the process, are isolated.
 */
final class Machine {
  /**
   * Held alone by a class with many streams at once or with times to measure, shared by those with
   * a few streams.
   */
  static final String STREAMS = "streams";

  /** Held by a class that needs a processor and no real time: one at a time, beside the streams. */
  static final String PROCESSOR = "processor";

  private Machine() {}
}
