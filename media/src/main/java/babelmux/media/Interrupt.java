package babelmux.media;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Ends FFmpeg's blocking calls: at a deadline, or when asked from another thread. One for each open
 * context; close it after the context.
 *
 * <p>JavaCPP has room for ten live callbacks of a class and hands out NULL for the eleventh without
 * a word, so there is one callback for all, and contexts are told apart by the address of their
 * opaque pointer.
 */
final class Interrupt implements AutoCloseable {
  private static final ConcurrentMap<Long, Interrupt> live = new ConcurrentHashMap<>();

  private static final AVIOInterruptCB.Callback_Pointer callback =
      new AVIOInterruptCB.Callback_Pointer() {
        @Override
        public int call(Pointer opaque) {
          Interrupt interrupt = opaque == null ? null : live.get(opaque.address());
          return interrupt != null && interrupt.isDue() ? 1 : 0;
        }
      };

  private final BytePointer opaque = new BytePointer(1);
  private final AVIOInterruptCB structure = new AVIOInterruptCB();
  private volatile boolean requested;
  private volatile long deadlineNanos;
  private volatile boolean expired;
  // The opening thread's own, which is the one that FFmpeg asks on.
  private @Nullable Runnable onFirstAsked;

  Interrupt(Duration limit) {
    Natives.opened();
    arm(limit);
    live.put(opaque.address(), this);
    structure.callback(callback);
    structure.opaque(opaque);
  }

  /** The value for a context's {@code interrupt_callback} or for {@code avio_open2}. */
  AVIOInterruptCB structure() {
    return structure;
  }

  /** Sets the time that the following calls may take. */
  void arm(Duration limit) {
    expired = false;
    deadlineNanos = System.nanoTime() + limit.toNanos();
  }

  /** Ends the call that runs now and every later one, until {@link #forget()}. Any thread. */
  void request() {
    requested = true;
  }

  /**
   * Lets calls through again, so that a context can be closed in an orderly way within a new limit.
   */
  void forget() {
    requested = false;
  }

  /**
   * Runs an action when FFmpeg first asks whether to go on, on the thread that it runs on. To be
   * called before the context is opened.
   */
  void onFirstAsked(Runnable action) {
    onFirstAsked = action;
  }

  private boolean isDue() {
    Runnable action = onFirstAsked;
    if (action != null) {
      onFirstAsked = null;
      action.run();
    }
    if (requested) {
      return true;
    }
    if (System.nanoTime() - deadlineNanos >= 0) {
      expired = true;
      return true;
    }
    return false;
  }

  /**
   * Returns whether a call was ended by {@link #request()} or at its deadline since the last
   * arming.
   */
  boolean hasEnded() {
    return requested || expired;
  }

  /** The true reason of a failed call: FFmpeg reports EIO where it was us who ended it. */
  MediaException explain(String what, int error) {
    if (requested) {
      FfmpegLog.clear();
      return new MediaException(MediaException.Kind.INTERRUPTED, what + ": interrupted");
    }
    if (expired) {
      FfmpegLog.clear();
      return new MediaException(
          MediaException.Kind.TIMEOUT, what + ": no progress within the limit");
    }
    return MediaException.of(what, error);
  }

  @Override
  public void close() {
    if (live.remove(opaque.address()) != null) {
      structure.deallocate();
      opaque.deallocate();
      Natives.closed();
    }
  }
}
