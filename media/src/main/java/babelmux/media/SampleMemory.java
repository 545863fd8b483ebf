package babelmux.media;

import java.nio.ShortBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.ShortPointer;

/**
 * 16-bit samples outside the Java heap. What waits for seconds in a heap is moved to its old part,
 * and only a long collection gets it back; this goes at once when its owner closes it. One thread
 * at a time, and none after {@link #close()}.
 */
public final class SampleMemory implements AutoCloseable {
  private final ShortPointer memory;
  private final ShortBuffer samples;
  private final AtomicBoolean open = new AtomicBoolean(true);

  /**
   * @param length in samples; 0 is allowed
   */
  public SampleMemory(int length) {
    memory = new ShortPointer(Math.max(1, length));
    samples = memory.asBuffer();
    Natives.opened();
  }

  /** Writes one sample. */
  public void put(int index, short sample) {
    require();
    samples.put(index, sample);
  }

  /** Reads one sample. */
  public short get(int index) {
    require();
    return samples.get(index);
  }

  private void require() {
    if (!open.get()) {
      throw new IllegalStateException("the samples were closed");
    }
  }

  /** Gives the memory back. Calls after the first do nothing. */
  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      memory.deallocate();
      Natives.closed();
    }
  }
}
