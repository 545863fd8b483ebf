package babelmux.e2e;

import babelmux.origin.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A real MediaMTX with the configuration of {@code deploy/mediamtx}, changed by one hand, on ports
 * of its own. Whoever starts it closes it.
 */
final class DeployedServer implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Process process;
  private final Path log;
  private final int rtmpPort;
  private final int apiPort;

  private DeployedServer(Process process, Path log, int rtmpPort, int apiPort) {
    this.process = process;
    this.log = log;
    this.rtmpPort = rtmpPort;
    this.apiPort = apiPort;
  }

  /**
   * Starts; RTMP answers when this returns.
   *
   * @param change to the file, which has {@code 127.0.0.1:APIPORT} as the API's address
   * @param environment beside that of this process
   */
  static DeployedServer start(
      Path binary, Path folder, UnaryOperator<String> change, Map<String, String> environment)
      throws IOException {
    Path home = Path.of(System.getProperty("babelmux.home", "")).toAbsolutePath().normalize();
    int rtmpPort = FreePort.on("0.0.0.0");
    int apiPort = FreePort.on("0.0.0.0");
    String shipped =
        Files.readString(home.resolve("deploy/mediamtx/mediamtx.yml"))
            .replace("127.0.0.1:9997", "127.0.0.1:APIPORT")
            .replace("rtmpAddress: :1935", "rtmpAddress: :" + rtmpPort);
    Path file = folder.resolve("mediamtx.yml");
    Files.writeString(file, change.apply(shipped).replace("APIPORT", Integer.toString(apiPort)));
    Path log = folder.resolve("mediamtx.log");
    ProcessBuilder builder =
        new ProcessBuilder(binary.toString(), file.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> all = new HashMap<>();
    all.put("BABELMUX_HOOK", home.resolve("deploy/mediamtx/hooks/mtx-hook").toString());
    for (String off : new String[] {"METRICS", "RTSP", "HLS", "SRT", "MOQ"}) {
      all.put("MTX_" + off, "no");
    }
    all.putAll(environment);
    builder.environment().putAll(all);
    DeployedServer server = new DeployedServer(builder.start(), log, rtmpPort, apiPort);
    Running.await("MediaMTX answers", LIMIT, server::answers);
    return server;
  }

  private boolean answers() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("MediaMTX has ended: " + Files.readString(log));
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), rtmpPort), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  String rtmpUrl() {
    return "rtmp://127.0.0.1:" + rtmpPort;
  }

  String apiUrl() {
    return "http://127.0.0.1:" + apiPort;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
