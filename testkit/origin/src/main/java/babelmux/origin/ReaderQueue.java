package babelmux.origin;

import babelmux.origin.rtmp.RtmpMessage;
import babelmux.origin.video.Picture;
import babelmux.origin.video.ReaderRefusedException;
import babelmux.origin.video.ReaderTrack;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for one reader. Bounded: messages beyond the capacity (or 64 MiB) are
 * discarded and counted, the reader is not closed. Event loop only.
 */
final class ReaderQueue {
  private static final long CAPACITY_BYTES = 64L * 1024 * 1024;

  private final WriteStream<Buffer> socket;
  private final int capacity;
  private final ArrayDeque<Buffer> waiting = new ArrayDeque<>();
  private final Map<Integer, ReaderTrack> videoTracks = new HashMap<>();
  private long discarded;
  private long written;
  private long blockedMs;
  private long waitingBytes;

  ReaderQueue(WriteStream<Buffer> socket, int capacity) {
    this.socket = socket;
    this.capacity = capacity;
    socket.drainHandler(
        drained -> {
          blockedMs = 0;
          pump();
        });
  }

  /**
   * The message for this reader, null when it may not have the picture yet.
   *
   * @throws ReaderRefusedException when the reader's connection has to end
   */
  @Nullable RtmpMessage next(Picture picture) throws ReaderRefusedException {
    return videoTracks.computeIfAbsent(picture.track(), id -> new ReaderTrack()).next(picture);
  }

  /** Writes or queues; with the queue full the message is discarded. */
  void offer(Buffer message) {
    if (waiting.size() >= capacity || waitingBytes + message.length() > CAPACITY_BYTES) {
      discarded++;
      return;
    }
    waiting.add(message);
    waitingBytes += message.length();
    pump();
  }

  /** Called every {@code elapsedMs}: counts how long writes are blocked. */
  void tick(long elapsedMs) {
    blockedMs = socket.writeQueueFull() ? blockedMs + elapsedMs : 0;
    pump();
  }

  /** Time for which the socket has taken nothing, in milliseconds of ticks. */
  long blockedMs() {
    return blockedMs;
  }

  long discarded() {
    return discarded;
  }

  long written() {
    return written;
  }

  private void pump() {
    while (!waiting.isEmpty() && !socket.writeQueueFull()) {
      Buffer next = waiting.remove();
      waitingBytes -= next.length();
      written += next.length();
      socket.write(next);
    }
  }
}
