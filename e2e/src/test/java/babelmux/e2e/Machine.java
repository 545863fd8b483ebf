package babelmux.e2e;

/**
 * Locks of the machine that all tests share. What looks at all of the process holds none: it is
 * isolated, and runs behind all others.
 */
final class Machine {
  /**
   * Held alone by the fault rows with their many streams and by the seven steps with their short
   * delay, shared by all other classes.
   */
  static final String STREAMS = "streams";

  /** Not a lock but a tag: of classes that measure times. They run when all others are over. */
  static final String TIMES = "times";

  /**
   * Not a lock but a tag: of classes that dub files, which needs a processor and no real time. They
   * run in the module {@code e2e/offline}, beside all others and with less right to the processor.
   */
  static final String OFFLINE = "offline";

  private Machine() {}
}
