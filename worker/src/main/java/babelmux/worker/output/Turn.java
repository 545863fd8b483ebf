package babelmux.worker.output;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One destination's turn to be the only one at its URL. Thread-safe; no method blocks. */
public interface Turn extends AutoCloseable {
  /** Completed when it is this one's turn. */
  CompletableFuture<Void> granted();

  /** Who has the turn; null when it is this one's. */
  @Nullable String holder();

  /** The next one's turn. */
  @Override
  void close();
}
