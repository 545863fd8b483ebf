package babelmux.origin;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A running media server with RTMP and the Control API: the embedded origin or a real MediaMTX.
 * Methods may be called from any thread but an event loop; whoever started it closes it.
 */
public interface MediaServer extends AutoCloseable {
  /**
   * Starts a media server.
   *
   * @param mediaMtx {@code none}: the embedded origin; {@code auto}: MediaMTX where its program is
   *     found, else the embedded origin; or the path of the program
   * @throws IOException when the path is no program
   */
  static MediaServer start(String mediaMtx, OriginConfig config) throws IOException {
    Optional<Path> binary =
        switch (mediaMtx) {
          case "none" -> Optional.empty();
          case "auto" -> MediaMtxProcess.find(System.getenv());
          default -> Optional.of(Path.of(mediaMtx));
        };
    if (binary.isPresent() && !Files.isExecutable(binary.get())) {
      throw new IOException("--mediamtx: " + binary.get() + ": expected a program");
    }
    return binary.isPresent()
        ? MediaMtxProcess.start(binary.get(), config)
        : EmbeddedOrigin.start(config);
  }

  /** For people: {@code embedded origin} or {@code MediaMTX v1.20.1}. */
  String name();

  /** {@code rtmp://127.0.0.1:<port>}; the same for the life of the server. */
  URI rtmpUrl();

  /** {@code http://127.0.0.1:<port>}; the same for the life of the server. */
  URI apiUrl();

  /**
   * {@code http://127.0.0.1:<port>}, where a page plays paths from: HLS of MediaMTX, HTTP-FLV of
   * the embedded origin; the same for the life of the server.
   */
  URI hlsUrl();

  /** Ends at once like kill -9: connections break, no hook runs. For fault tests. Idempotent. */
  void kill();

  /** Starts again on the same ports after {@link #kill}; returns when RTMP and API answer. */
  void restart();

  /** Stops in an orderly way within 10 s. Idempotent. */
  @Override
  void close();
}
