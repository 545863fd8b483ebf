package babelmux.origin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A hook program that writes down what it was given, one file a run; and the files. */
final class HookLog {
  /** A ready command whose stream id begins with "wait" stays until SIGINT and writes that down. */
  private static final String SCRIPT =
      """
      event=$1
      file="$HOOK_DIR/$G1.$event.$MTX_SOURCE_ID.$$"
      env > "$file.tmp"
      i=0
      for word in "$@"; do i=$((i + 1)); echo "ARG$i=$word" >> "$file.tmp"; done
      mv "$file.tmp" "$file.env"
      case "$event.$G1" in
        ready.fail*) exit 3 ;;
        ready.wait*)
          trap 'echo SIGINT > "$file.int"; exit 0' INT
          while :; do sleep 0.05; done ;;
      esac
      """;

  private final Path folder;

  HookLog() {
    try {
      folder = Files.createTempDirectory("origin-hooks");
      Files.writeString(folder.resolve("hook.sh"), SCRIPT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String command(String event) {
    return "/bin/sh '"
        + folder.resolve("hook.sh")
        + "' "
        + event
        + " \"$MTX_PATH\" '$G1 two' a\\ b";
  }

  Map<String, String> environment() {
    return Map.of("HOOK_DIR", folder.toString(), "ORCHESTRATOR_URL", "http://127.0.0.1:8080");
  }

  /** The environments of all runs for a stream id, without order. */
  List<Map<String, String>> runs(String id, String event) {
    return files(id + "." + event + ".", ".env").stream().map(HookLog::parse).toList();
  }

  boolean interrupted(String id) {
    return !files(id + ".ready.", ".int").isEmpty();
  }

  private List<Path> files(String prefix, String suffix) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith(prefix))
          .filter(f -> f.getFileName().toString().endsWith(suffix))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete() {
    files("", "").forEach(file -> file.toFile().delete());
    folder.toFile().delete();
  }

  private static Map<String, String> parse(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.indexOf('=') > 0)
          .collect(
              Collectors.toMap(
                  line -> line.substring(0, line.indexOf('=')),
                  line -> line.substring(line.indexOf('=') + 1),
                  (first, second) -> second));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
