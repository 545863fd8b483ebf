package babelmux.worker.streams;

/**
 * Memory of this process at some moment.
 *
 * @param limitBytes how much it may have; {@link Long#MAX_VALUE} when nothing limits it
 * @param residentBytes how much it has
 */
record Memory(long limitBytes, long residentBytes) {

  static final Memory UNLIMITED = new Memory(Long.MAX_VALUE, 0);
}
