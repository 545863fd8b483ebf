package babelmux.hooks;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real MediaMTX in a process of its own, on free loopback ports. */
final class MediaMtx implements AutoCloseable {

  final int rtmpPort = freePort();
  final int rtspPort = freePort();
  final int apiPort = freePort();
  final Path log;
  private final Process process;

  /** The program, where {@code MEDIAMTX_BIN} or the PATH has one. */
  static Optional<Path> program() {
    String given = System.getenv("MEDIAMTX_BIN");
    return given == null || given.isEmpty()
        ? Deploy.program("mediamtx")
        : Optional.of(Path.of(given));
  }

  /**
   * Starts it and waits for its ports.
   *
   * @param config a configuration file, of which ports and listeners are overridden
   */
  MediaMtx(Path program, Path config, Path folder, Map<String, String> environment)
      throws IOException {
    log = folder.resolve("mediamtx.log");
    ProcessBuilder builder =
        new ProcessBuilder(program.toString(), config.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> overrides = new HashMap<>(environment);
    overrides.put("MTX_RTMPADDRESS", "127.0.0.1:" + rtmpPort);
    overrides.put("MTX_RTSPADDRESS", "127.0.0.1:" + rtspPort);
    overrides.put("MTX_APIADDRESS", "127.0.0.1:" + apiPort);
    for (String off : List.of("HLS", "SRT", "METRICS", "PLAYBACK", "MOQ")) {
      overrides.put("MTX_" + off, "no");
    }
    builder.environment().putAll(overrides);
    process = builder.start();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("mediamtx ended: " + Files.readString(log));
              }
              return isOpen(rtmpPort) && isOpen(rtspPort) && isOpen(apiPort);
            });
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isOpen(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
