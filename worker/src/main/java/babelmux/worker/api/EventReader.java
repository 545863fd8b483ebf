package babelmux.worker.api;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client that reads events: writes what waits in its queue, one piece after another, as fast as
 * it reads. Bounded: {@value #PIECE_BYTES} and one event are written and not sent, and what waits
 * is the queue's. Runs on the event loop of its connection.
 */
final class EventReader {

  private static final int PIECE_BYTES = 64 << 10;

  /** The end of a reader. */
  interface End {
    /**
     * Called once.
     *
     * @param slow whether it was disconnected because it did not read
     */
    void ended(EventReader reader, boolean slow);
  }

  private final Context context;
  private final HttpServerResponse response;
  private final Consumer<Boolean> disconnect;
  private final BooleanSupplier mayRead;
  private final End end;
  private final EventQueue queue;
  private final Optional<String> lastEventId;
  private boolean writing;
  private long writingSinceNanos;
  private boolean over;

  /**
   * @param context of the connection
   * @param disconnect closes the connection, whatever waits to be sent; told whether that is
   *     because the client does not read
   * @param streamId the one stream that is wanted; null for all
   * @param lastEventId as the client sent it; null when it sent none
   * @param mayRead whether the credentials of its request would be taken now
   */
  EventReader(
      Context context,
      HttpServerResponse response,
      Consumer<Boolean> disconnect,
      @Nullable String streamId,
      @Nullable String lastEventId,
      BooleanSupplier mayRead,
      End end) {
    this.context = context;
    this.response = response;
    this.disconnect = disconnect;
    this.queue = new EventQueue(streamId);
    this.lastEventId = Optional.ofNullable(lastEventId);
    this.mayRead = mayRead;
    this.end = end;
  }

  /** The id of the last event that it has; empty when it named none. Any thread. */
  Optional<String> lastEventId() {
    return lastEventId;
  }

  /** Has something done on the reader's event loop. Any thread. */
  void execute(Runnable work) {
    context.runOnContext(ignored -> work.run());
  }

  /** Sends the header. */
  void begin() {
    response.closeHandler(closed -> over(false));
    response.exceptionHandler(failure -> over(false));
    response
        .setChunked(true)
        .putHeader("Content-Type", EventText.TYPE)
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        // A compressor would hold events back, and so would a proxy that buffers.
        .putHeader("Content-Encoding", "identity")
        .putHeader("X-Accel-Buffering", "no");
    queue.first(EventText.RETRY);
    if (response.closed()) {
      over(false);
    }
    send();
  }

  /** Sends the state of everything, and what it missed. */
  void join(EventMaker.Batch batch, EventMaker.Missed missed) {
    missed.reset().ifPresent(queue::first);
    queue.missed(missed.entries());
    batch.worker().ifPresent(queue::worker);
    batch.all().forEach(queue::stream);
    send();
  }

  /** Sends what is new. */
  void next(EventMaker.Batch batch) {
    batch.reset().ifPresent(queue::first);
    boolean inTime = true;
    for (JournalText entry : batch.journal()) {
      inTime &= queue.journal(entry);
    }
    batch.gone().forEach(queue::gone);
    batch.worker().ifPresent(queue::worker);
    batch.streams().forEach(queue::stream);
    if (inTime) {
      send();
    } else {
      disconnect(true);
    }
  }

  /** Sends a comment. */
  void keep() {
    queue.keep();
    send();
  }

  /** Ends when its credentials are taken no longer. */
  void checkAccess() {
    if (!mayRead.getAsBoolean()) {
      end();
    }
  }

  /** Disconnects it when nothing of what was written has been sent for so long. */
  void checkProgress(long nowNanos, long limitNanos) {
    if (writing && nowNanos - writingSinceNanos >= limitNanos) {
      disconnect(true);
    }
  }

  /** Ends at once. */
  void end() {
    if (!over) {
      // One that reads sees the end of the answer.
      response.end();
      disconnect(false);
    }
  }

  private void send() {
    if (writing || over) {
      return;
    }
    byte[] piece = queue.take(PIECE_BYTES);
    if (piece.length > 0) {
      writing = true;
      writingSinceNanos = System.nanoTime();
      response.write(Buffer.buffer(piece)).onComplete(this::sent);
    }
  }

  private void sent(AsyncResult<Void> result) {
    writing = false;
    if (result.failed()) {
      disconnect(false);
    } else {
      send();
    }
  }

  private void disconnect(boolean slow) {
    if (!over) {
      over(slow);
      disconnect.accept(slow);
    }
  }

  private void over(boolean slow) {
    if (!over) {
      over = true;
      end.ended(this, slow);
    }
  }
}
