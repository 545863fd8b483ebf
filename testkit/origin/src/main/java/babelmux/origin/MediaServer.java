package babelmux.origin;

import java.net.URI;

/**
 * A running media server with RTMP and the Control API: the embedded origin or a real MediaMTX.
 * Methods may be called from any thread but an event loop; whoever started it closes it.
 */
public interface MediaServer extends AutoCloseable {
  /** For people: {@code embedded origin} or {@code MediaMTX v1.20.1}. */
  String name();

  /** {@code rtmp://127.0.0.1:<port>}; the same for the life of the server. */
  URI rtmpUrl();

  /** {@code http://127.0.0.1:<port>}; the same for the life of the server. */
  URI apiUrl();

  /** Ends at once like kill -9: connections break, no hook runs. For fault tests. Idempotent. */
  void kill();

  /** Starts again on the same ports after {@link #kill}; returns when RTMP and API answer. */
  void restart();

  /** Stops in an orderly way within 10 s. Idempotent. */
  @Override
  void close();
}
