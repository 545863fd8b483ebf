package babelmux.origin;

import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/** Stops and slows the reading of a publisher when a fault says so. Event loop only. */
final class InputGate {
  private final ReadStream<?> socket;
  private boolean shut;
  private long allowance;

  InputGate(ReadStream<?> socket) {
    this.socket = socket;
  }

  void received(int bytes) {
    allowance -= bytes;
  }

  /**
   * Called every {@code elapsedMs}.
   *
   * @param bytesPerSecond null = no limit
   * @return whether the gate has just been opened again
   */
  boolean tick(long elapsedMs, boolean stalled, @Nullable Long bytesPerSecond) {
    if (bytesPerSecond != null) {
      allowance = Math.min(allowance + bytesPerSecond * elapsedMs / 1000, bytesPerSecond / 10);
    }
    boolean shutNow = stalled || (bytesPerSecond != null && allowance <= 0);
    if (shutNow == shut) {
      return false;
    }
    shut = shutNow;
    if (shut) {
      socket.pause();
    } else {
      socket.resume();
    }
    return !shut;
  }

  boolean shut() {
    return shut;
  }
}
