package babelmux.origin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A real MediaMTX as a child process, on free loopback ports, that ends with us. */
public final class MediaMtxProcess implements MediaServer {
  private static final Logger log = LoggerFactory.getLogger(MediaMtxProcess.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(10);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
  private static final int ATTEMPTS = 5;

  private final Path binary;
  private OriginConfig config;
  private final Path folder;
  private final String version;
  private final Thread shutdownHook;
  private int rtmpPort;
  private int apiPort;
  private int hlsPort;
  private Process process;
  private boolean closed;

  private MediaMtxProcess(Path binary, OriginConfig config) throws IOException {
    this.binary = binary;
    this.config = config;
    this.version = version(binary);
    this.folder = Files.createTempDirectory("babelmux-mediamtx");
    try {
      this.process = launchOnFreePorts();
    } catch (IOException | RuntimeException e) {
      deleteFolder();
      throw e;
    }
    this.shutdownHook = new Thread(this::endProcess, "mediamtx-shutdown");
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  /**
   * Looks in {@code MEDIAMTX_BIN}, then on PATH, then where deploy/mediamtx/install.sh puts it: in
   * {@code babelmux/mediamtx} below {@code XDG_CACHE_HOME} or, when that is not absolute, {@code
   * ~/.cache}.
   *
   * @param environment usually {@code System.getenv()}
   * @throws IllegalArgumentException when MEDIAMTX_BIN is set to something that cannot be run
   */
  public static Optional<Path> find(Map<String, String> environment) {
    String named = environment.getOrDefault("MEDIAMTX_BIN", "");
    if (!named.isEmpty()) {
      Path binary = Path.of(named);
      if (!Files.isExecutable(binary) || Files.isDirectory(binary)) {
        throw new IllegalArgumentException(
            "MEDIAMTX_BIN " + named + ": expected an executable file");
      }
      return Optional.of(binary);
    }
    List<Path> candidates = new ArrayList<>();
    for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
      if (!folder.isEmpty()) {
        candidates.add(Path.of(folder, "mediamtx"));
      }
    }
    String home = environment.getOrDefault("HOME", "");
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (caches.startsWith("/") || !home.isEmpty()) {
      Path folder = caches.startsWith("/") ? Path.of(caches) : Path.of(home, ".cache");
      Path cache = folder.resolve("babelmux").resolve("mediamtx");
      candidates.add(cache);
      candidates.add(cache.resolve("mediamtx"));
    }
    return candidates.stream()
        .filter(path -> Files.isExecutable(path) && Files.isRegularFile(path))
        .findFirst();
  }

  /**
   * Starts the program and returns when RTMP and API answer.
   *
   * @throws UncheckedIOException when it does not come up within 10 s; the message holds its log
   */
  public static MediaMtxProcess start(Path binary, OriginConfig config) {
    try {
      return new MediaMtxProcess(binary, config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "MediaMTX " + version;
  }

  @Override
  public URI rtmpUrl() {
    return URI.create("rtmp://" + config.host() + ":" + rtmpPort);
  }

  @Override
  public URI apiUrl() {
    return URI.create("http://" + config.host() + ":" + apiPort);
  }

  @Override
  public URI hlsUrl() {
    return URI.create("http://" + config.host() + ":" + hlsPort);
  }

  /** File with what the program printed, its hooks included; gone after {@link #close}. */
  public Path logFile() {
    return folder.resolve("mediamtx.log");
  }

  /**
   * Asks for other credentials at the Control API, or for none, while it runs: the program notices
   * that its file has changed, but not within a second of the last change. Connections stay, and a
   * restart keeps it.
   *
   * @param who may ask; null: anyone
   */
  public synchronized void apiCredentials(@Nullable Credentials who) throws IOException {
    config = config.toBuilder().apiCredentials(who).build();
    // In one step: half a file would end it.
    Path changed = folder.resolve("mediamtx.yml.new");
    Files.writeString(changed, MediaMtxConfigFile.yaml(config, rtmpPort, apiPort, hlsPort));
    Files.move(changed, folder.resolve("mediamtx.yml"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public synchronized void kill() {
    process.destroyForcibly();
    awaitEnd(STOP_LIMIT);
  }

  @Override
  public synchronized void restart() {
    if (closed) {
      throw new IllegalStateException("this MediaMTX is closed");
    }
    if (process.isAlive()) {
      return;
    }
    try {
      process = launch();
      if (!awaitAnswer()) {
        throw new IOException("MediaMTX does not start again:\n" + readLog());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    endProcess();
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      log.debug("the virtual machine is already going down");
    }
    deleteFolder();
  }

  private void endProcess() {
    process.destroy();
    if (!awaitEnd(STOP_LIMIT)) {
      log.warn("MediaMTX does not stop within {}: killed, its hooks too", STOP_LIMIT);
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      awaitEnd(STOP_LIMIT);
    }
  }

  private Process launchOnFreePorts() throws IOException {
    for (int attempt = 1; ; attempt++) {
      rtmpPort = config.rtmpPort() == 0 ? FreePort.on(config.host()) : config.rtmpPort();
      apiPort = config.apiPort() == 0 ? FreePort.on(config.host()) : config.apiPort();
      hlsPort = config.hlsPort() == 0 ? FreePort.on(config.host()) : config.hlsPort();
      String yaml = MediaMtxConfigFile.yaml(config, rtmpPort, apiPort, hlsPort);
      Files.writeString(folder.resolve("mediamtx.yml"), yaml);
      process = launch();
      if (awaitAnswer()) {
        return process;
      }
      kill();
      String printed = readLog();
      if (attempt == ATTEMPTS || !printed.contains("address already in use")) {
        throw new IOException("MediaMTX does not start:\n" + printed);
      }
      log.info("a port of MediaMTX was taken, trying others");
    }
  }

  private Process launch() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(binary.toString(), folder.resolve("mediamtx.yml").toString());
    builder.directory(folder.toFile());
    builder.environment().putAll(config.hookEnvironment());
    // Releases before 1.20 do not know this one: in the file they would refuse it.
    builder.environment().put("MTX_MOQ", "no");
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
    return builder.start();
  }

  private boolean awaitAnswer() throws IOException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      if (answers(rtmpPort) && answers(apiPort) && answers(hlsPort) && process.isAlive()) {
        return true;
      }
      pause();
    }
    return false;
  }

  private boolean answers(int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(config.host(), port), 1000);
      return true;
    } catch (ConnectException e) {
      return false;
    }
  }

  private boolean awaitEnd(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while MediaMTX starts", e);
    }
  }

  private String readLog() throws IOException {
    return Files.exists(logFile()) ? Files.readString(logFile()) : "";
  }

  private static String version(Path binary) throws IOException {
    Process asked =
        new ProcessBuilder(binary.toString(), "--version").redirectErrorStream(true).start();
    try (var output = asked.getInputStream()) {
      if (!asked.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(binary + " --version does not answer within " + STOP_LIMIT);
      }
      return new String(output.readNBytes(100), StandardCharsets.UTF_8).strip().split("[\\s,]")[0];
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking " + binary + " for its version", e);
    } finally {
      asked.destroyForcibly();
    }
  }

  private void deleteFolder() {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      log.warn("{} not deleted: {}", folder, e.getMessage());
    }
  }
}
