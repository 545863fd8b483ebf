package babelmux.testmedia;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Ends FFmpeg's blocking calls, at a deadline or when another thread asks. Closed after the context
 * that uses it. One callback serves all of them: JavaCPP has room for ten of a class.
 */
final class Interrupt implements AutoCloseable {
  private static final ConcurrentMap<Long, Interrupt> LIVE = new ConcurrentHashMap<>();
  private static final AVIOInterruptCB.Callback_Pointer CALLBACK =
      new AVIOInterruptCB.Callback_Pointer() {
        @Override
        public int call(Pointer opaque) {
          Interrupt interrupt = opaque == null ? null : LIVE.get(opaque.address());
          return interrupt != null && interrupt.isDue() ? 1 : 0;
        }
      };

  private final BytePointer opaque = new BytePointer(1);
  private final AVIOInterruptCB structure = new AVIOInterruptCB();
  private volatile boolean requested;
  private volatile long deadlineNanos;

  Interrupt() {
    arm(Duration.ofSeconds(30));
    LIVE.put(opaque.address(), this);
    structure.callback(CALLBACK);
    structure.opaque(opaque);
  }

  AVIOInterruptCB structure() {
    return structure;
  }

  /** Sets the time that the calls from now on may take. */
  void arm(Duration limit) {
    deadlineNanos = System.nanoTime() + limit.toNanos();
  }

  /** Ends the call that runs now and every later one. Any thread. */
  void request() {
    requested = true;
  }

  boolean isRequested() {
    return requested;
  }

  private boolean isDue() {
    return requested || System.nanoTime() - deadlineNanos >= 0;
  }

  @Override
  public void close() {
    if (LIVE.remove(opaque.address()) != null) {
      structure.deallocate();
      opaque.deallocate();
    }
  }
}
