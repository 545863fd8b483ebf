package babelmux.worker.sts;

import java.util.concurrent.CompletableFuture;

/** One stream's link to the STS service. Thread-safe; nothing here blocks or throws. */
public interface StsLink extends AutoCloseable {

  /** Tells whether the segment that is cut now would be sent. */
  default boolean ready() {
    return generation() != 0;
  }

  /**
   * Generation of the connection that a segment which is cut now belongs to; 0 if there is none.
   * Rises with every connection that gets into session; a session restarted on the same connection
   * keeps it.
   */
  long generation();

  /**
   * Tells whether a fragment that is submitted now would be sent: a session exists, and the breaker
   * lets it through. Not whether there is room for it.
   */
  default boolean accepts() {
    return ready();
  }

  /**
   * Hands a fragment over. The result comes exactly once, at the latest at the fragment's deadline,
   * on a link thread: dependents must not block there. Never completes exceptionally.
   */
  CompletableFuture<StsOutcome> submit(StsFragment fragment);

  /** Status of the link, as of its last event. */
  LinkStatus status();

  /**
   * Begins the closing handshake: waits for the answers in flight, sends {@code stream:end}, waits
   * for {@code stream:complete} and the service's hanging up, then closes. Nothing is accepted any
   * more. Bounded by twice the fragment limit (at most 30 s each) and 7 s; completes when closed.
   * Called again, it no longer waits for the answers in flight.
   *
   * @param reason such as {@code source_ended}, {@code error}, {@code user_requested}
   */
  CompletableFuture<Void> end(String reason);

  /** Ends at once; what is in flight falls back. Idempotent. */
  @Override
  void close();
}
