package babelmux.bench;

import org.jspecify.annotations.Nullable;

/** One viewer of a soak. Closing it ends it within seconds. */
interface SoakViewer extends AutoCloseable {
  /** Bytes that it has been sent. */
  long bytes();

  /** Times that nothing new came for longer than a player's buffer lasts. */
  int gaps();

  /** Times that its connection ended or a request was refused. */
  int ends();

  /** Why its connection ended the last time; null if it never did. */
  @Nullable String lastEnd();

  @Override
  void close();
}
