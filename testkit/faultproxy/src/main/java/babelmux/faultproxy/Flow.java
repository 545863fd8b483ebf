package babelmux.faultproxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of one connection in one direction, in their order. Neither blocks nor waits: it is called
 * again. Proxy thread only.
 */
final class Flow {
  /** No time: there is nothing to wait for but the channels. */
  static final long NEVER = Long.MAX_VALUE;

  private static final int READ_BYTES = 16 * 1024;
  // Slices of one byte must not keep the other connections waiting.
  private static final int WRITES_AT_ONCE = 256;

  private record Piece(ByteBuffer bytes, long dueNanos) {}

  private final ReadableByteChannel from;
  private final WritableByteChannel to;
  private final AtomicLong forwarded;
  private final ArrayDeque<Piece> waiting = new ArrayDeque<>();
  private final TokenBucket bucket = new TokenBucket();
  private final ByteBuffer read = ByteBuffer.allocate(READ_BYTES);
  private int waitingBytes;
  private boolean endOfInput;
  private boolean blocked;

  /**
   * @param forwarded counts what has left
   */
  Flow(ReadableByteChannel from, WritableByteChannel to, AtomicLong forwarded) {
    this.from = from;
    this.to = to;
    this.forwarded = forwarded;
  }

  /**
   * Reads what is there and writes what may leave.
   *
   * @return the time at which more may leave; {@link #NEVER} when only the channels are awaited
   */
  long move(DirectionFaults faults, long nowNanos) throws IOException {
    blocked = false;
    if (faults.stalled()) {
      return NEVER;
    }
    read(faults, nowNanos);
    return write(faults, nowNanos);
  }

  private void read(DirectionFaults faults, long nowNanos) throws IOException {
    while (wantsInput(faults)) {
      read.clear().limit(Math.min(READ_BYTES, faults.capacityBytes() - waitingBytes));
      int count = from.read(read);
      if (count < 0) {
        endOfInput = true;
      } else if (count == 0) {
        return;
      } else {
        ByteBuffer copy = ByteBuffer.allocate(count).put(read.flip()).flip();
        waiting.add(new Piece(copy, nowNanos + faults.delay().toNanos()));
        waitingBytes += count;
      }
    }
  }

  private long write(DirectionFaults faults, long nowNanos) throws IOException {
    for (int writes = 0; !waiting.isEmpty(); writes++) {
      Piece head = waiting.element();
      if (head.dueNanos() - nowNanos > 0) {
        return head.dueNanos();
      }
      int size =
          Math.min(
              head.bytes().remaining(), bucket.allowed((double) faults.bytesPerSecond(), nowNanos));
      if (size == 0) {
        return bucket.nextNanos(nowNanos);
      }
      if (faults.sliceBytes() > 0) {
        size = Math.min(size, faults.sliceBytes());
      }
      if (writes == WRITES_AT_ONCE) {
        return nowNanos;
      }
      if (write(head.bytes(), size) < size) {
        blocked = true;
        return NEVER;
      }
      if (!head.bytes().hasRemaining()) {
        waiting.remove();
      }
    }
    return NEVER;
  }

  private int write(ByteBuffer bytes, int size) throws IOException {
    int written = to.write(bytes.slice(bytes.position(), size));
    bytes.position(bytes.position() + written);
    waitingBytes -= written;
    bucket.sent(written);
    forwarded.addAndGet(written);
    return written;
  }

  /** True when more could be read. */
  boolean wantsInput(DirectionFaults faults) {
    return !faults.stalled() && !endOfInput && waitingBytes < faults.capacityBytes();
  }

  /** True when the receiver takes no more at the moment. */
  boolean isBlocked() {
    return blocked;
  }

  /** True when everything up to the end of the input has left. */
  boolean isOver() {
    return endOfInput && waiting.isEmpty();
  }
}
