package babelmux.worker.session;

import babelmux.media.MediaException;
import babelmux.media.SourceAddress;

/**
 * Says where a session's source is. Asked before each opening, on the reader's thread; may take
 * some seconds and ends when that thread is interrupted.
 */
@FunctionalInterface
public interface SourceLocator {

  /**
   * Returns what is to be opened now.
   *
   * @throws MediaException if there is nothing that may be opened, with the reason
   */
  SourceAddress locate() throws MediaException, InterruptedException;

  /** What {@link #locate} returned last was opened. On the same thread. */
  default void opened() {}

  /** A source that is at the same URL each time. */
  static SourceLocator at(String url) {
    SourceAddress address = SourceAddress.of(url);
    return () -> address;
  }
}
