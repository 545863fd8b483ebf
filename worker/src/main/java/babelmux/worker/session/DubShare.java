package babelmux.worker.session;

import org.jspecify.annotations.Nullable;

/**
 * How much of the dubs is heard in a frame.
 *
 * @param shares of each sample, 0 to 1; null when all of them are 1. Not to be changed
 * @param bypassed whether the dubs are off air at its end
 */
@SuppressWarnings("ArrayRecordComponent") // handed through, never compared
record DubShare(float @Nullable [] shares, boolean bypassed) {
  /** No bypass. */
  static final DubShare ALL = new DubShare(null, false);
}
