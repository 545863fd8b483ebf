package babelmux.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReaderQueueTest {
  private final Socket socket = new Socket();
  private final ReaderQueue queue = new ReaderQueue(socket, 3);

  @Test
  void whatDoesNotFitIsDiscardedAndCounted() {
    socket.full = true;
    for (int i = 0; i < 5; i++) {
      queue.offer(Buffer.buffer("m" + i));
    }
    assertThat(socket.written).isEmpty();
    assertThat(queue.discarded()).isEqualTo(2);
    socket.drain();
    assertThat(socket.written).containsExactly("m0", "m1", "m2");
    assertThat(queue.written()).isEqualTo(6);
  }

  @Test
  void blockedTimeCountsOnlyWhileNothingIsTaken() {
    socket.full = true;
    queue.offer(Buffer.buffer("m"));
    queue.tick(100);
    queue.tick(100);
    assertThat(queue.blockedMs()).isEqualTo(200);
    socket.drain();
    assertThat(queue.blockedMs()).isZero();
  }

  private static final class Socket implements WriteStream<Buffer> {
    private final List<String> written = new ArrayList<>();
    private boolean full;
    private @Nullable Handler<Void> onDrain;

    void drain() {
      full = false;
      Handler<Void> handler = onDrain;
      if (handler != null) {
        handler.handle(null);
      }
    }

    @Override
    public Future<Void> write(Buffer data) {
      written.add(data.toString());
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> end() {
      return Future.succeededFuture();
    }

    @Override
    public WriteStream<Buffer> setWriteQueueMaxSize(int size) {
      return this;
    }

    @Override
    public boolean writeQueueFull() {
      return full;
    }

    @Override
    public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
      onDrain = handler;
      return this;
    }

    @Override
    public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
      return this;
    }
  }
}
