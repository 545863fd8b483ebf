package babelmux.faultproxy;

import java.time.Duration;

/**
 * Lasting faults of one direction.
 *
 * @param delay how much later bytes leave; zero for none
 * @param bytesPerSecond how many leave on each connection; 0 for no limit
 * @param sliceBytes how many leave in one write, at most; 0 for no limit
 * @param stalled whether nothing is read or written
 */
record DirectionFaults(Duration delay, long bytesPerSecond, int sliceBytes, boolean stalled) {
  static final DirectionFaults NONE = new DirectionFaults(Duration.ZERO, 0, 0, false);

  // Enough for the socket's own buffers to fill behind it: the sender is to feel a slow receiver.
  private static final int CAPACITY_BYTES = 64 * 1024;
  // What is delayed has to wait somewhere: 10 s of 13 Mbit/s.
  private static final int DELAYED_CAPACITY_BYTES = 16 * 1024 * 1024;

  DirectionFaults {
    if (delay.isNegative() || bytesPerSecond < 0 || sliceBytes < 0) {
      throw new IllegalArgumentException(
          "delay %s, %d bytes per second, slices of %d bytes: expected nothing below 0"
              .formatted(delay, bytesPerSecond, sliceBytes));
    }
  }

  DirectionFaults withDelay(Duration value) {
    return new DirectionFaults(value, bytesPerSecond, sliceBytes, stalled);
  }

  DirectionFaults withBytesPerSecond(long value) {
    return new DirectionFaults(delay, value, sliceBytes, stalled);
  }

  DirectionFaults withSliceBytes(int value) {
    return new DirectionFaults(delay, bytesPerSecond, value, stalled);
  }

  DirectionFaults withStalled(boolean value) {
    return new DirectionFaults(delay, bytesPerSecond, sliceBytes, value);
  }

  /** Number of bytes that may wait in the proxy. */
  int capacityBytes() {
    return delay.isZero() ? CAPACITY_BYTES : DELAYED_CAPACITY_BYTES;
  }
}
