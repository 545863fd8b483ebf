package babelmux.worker.sts.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A server written for Node, with its packages from npm, while the tests of a class run. */
final class NodeProgram implements AutoCloseable {
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "server.js");
  private static final int INSTALL_SECONDS = 180;

  private final @Nullable Process process;
  private final @Nullable URI url;
  private final String missing;

  private NodeProgram(@Nullable Process process, @Nullable URI url, String missing) {
    this.process = process;
    this.url = url;
    this.missing = missing;
  }

  /**
   * Installs what the lock file says into {@code target/}, once, and starts the server. When that
   * cannot be, says why in one line.
   *
   * @param folder with {@code package.json}, {@code package-lock.json}, {@code server.js}
   */
  static NodeProgram start(Path folder) throws IOException, InterruptedException {
    Path installed = Path.of("target", "node", folder.getFileName().toString());
    try {
      install(folder, installed);
    } catch (IOException e) {
      String line = "not run against the Node server of %s: %s".formatted(folder, e.getMessage());
      System.err.println("[contract] " + line);
      return new NodeProgram(null, null, line);
    }
    ProcessBuilder builder = new ProcessBuilder("node", "server.js").directory(installed.toFile());
    builder.environment().put("PORT", "0");
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    BufferedReader said = process.inputReader(UTF_8);
    String line = said.readLine();
    if (line == null || !line.startsWith("listening on ")) {
      process.destroyForcibly();
      throw new IOException("%s said '%s', expected its address".formatted(folder, line));
    }
    return new NodeProgram(process, URI.create(line.substring("listening on ".length())), "");
  }

  private static void install(Path folder, Path installed)
      throws IOException, InterruptedException {
    Files.createDirectories(installed);
    boolean changed = !Files.isDirectory(installed.resolve("node_modules"));
    for (String file : FILES) {
      Path from = folder.resolve(file);
      Path to = installed.resolve(file);
      if (!Files.exists(to) || Files.mismatch(from, to) >= 0) {
        changed |= !file.equals("server.js");
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    run(installed, "node", "--version");
    if (changed) {
      run(installed, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    }
  }

  private static void run(Path folder, String... command) throws IOException, InterruptedException {
    Path log = folder.resolve("install.log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("'%s' took over %d s".formatted(command[0], INSTALL_SECONDS));
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          "'%s' ended with %d, see %s"
              .formatted(String.join(" ", command), process.exitValue(), log));
    }
  }

  /** Where it is; a test that asks in vain counts as not run. */
  URI url() {
    return url == null ? Assumptions.abort(missing) : url;
  }

  @Override
  public void close() throws IOException {
    if (process != null) {
      process.getOutputStream().close();
      process.destroy();
    }
  }
}
