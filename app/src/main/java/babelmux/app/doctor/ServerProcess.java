package babelmux.app.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The MediaMTX that runs on this machine, as Linux shows it to the user who looks: its environment,
 * its folder, and its files where it lives in a container of its own.
 *
 * @param root its view of the file system
 * @param folder its working directory
 * @param environment its variables; hold secrets, and are shown by nobody
 */
record ServerProcess(Path root, Path folder, Map<String, String> environment) {
  private static final String LISTENS = "0A";
  private static final int MAX_LINKS = 8;

  ServerProcess {
    environment = Map.copyOf(environment);
  }

  /**
   * Looks for the process that listens.
   *
   * @param host of the server; only this machine is looked at
   * @return empty where it runs elsewhere, is no MediaMTX, or is another user's
   */
  static Optional<ServerProcess> find(String host, int port) {
    try {
      if (!isHere(host)) {
        return Optional.empty();
      }
      Set<String> sockets = new HashSet<>();
      for (String table : List.of("tcp", "tcp6")) {
        sockets.addAll(listening(Path.of("/proc/net", table), port));
      }
      return sockets.isEmpty() ? Optional.empty() : owner(sockets);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Returns whether a host is this machine. */
  static boolean isHere(String host) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
  }

  /** The names that descriptors of listening sockets have. */
  private static Set<String> listening(Path table, int port) throws IOException {
    Set<String> sockets = new HashSet<>();
    if (!Files.isReadable(table)) {
      return sockets;
    }
    String end = String.format(Locale.ROOT, ":%04X", port);
    for (String line : Files.readAllLines(table, StandardCharsets.ISO_8859_1)) {
      String[] fields = line.strip().split("\\s+");
      if (fields.length > 9 && fields[1].endsWith(end) && fields[3].equals(LISTENS)) {
        sockets.add("socket:[" + fields[9] + "]");
      }
    }
    return sockets;
  }

  private static Optional<ServerProcess> owner(Set<String> sockets) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (isMediaMtx(process) && holds(process, sockets)) {
          return Optional.of(
              new ServerProcess(
                  process.resolve("root"),
                  process.resolve("cwd").toRealPath(),
                  environment(process)));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isMediaMtx(Path process) {
    try {
      return Files.readString(process.resolve("comm")).startsWith("mediamtx");
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (Files.isSymbolicLink(descriptor)
            && sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  private static Map<String, String> environment(Path process) throws IOException {
    String text = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
    Map<String, String> variables = new HashMap<>();
    for (String entry : text.split("\0")) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        variables.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return variables;
  }

  /** A file as the process sees it. */
  Path file(String name) {
    Path inside = folder.resolve(name);
    return root.resolve(inside.toString().substring(1));
  }

  /** A program by its name or path, as the process finds it; empty when it does not. */
  Optional<Path> program(String name) {
    if (name.contains("/")) {
      return Optional.of(follow(name)).filter(Files::isRegularFile);
    }
    for (String part : environment.getOrDefault("PATH", "").split(":", -1)) {
      Path found = follow(part + "/" + name);
      if (!part.isEmpty() && Files.isRegularFile(found)) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /** Links are followed where the process lives, not where we do. */
  private Path follow(String name) {
    Path inside = folder.resolve(name);
    for (int links = 0;
        links < MAX_LINKS && Files.isSymbolicLink(file(inside.toString()));
        links++) {
      try {
        inside = inside.resolveSibling(Files.readSymbolicLink(file(inside.toString())));
      } catch (IOException e) {
        break;
      }
    }
    return file(inside.toString());
  }
}
