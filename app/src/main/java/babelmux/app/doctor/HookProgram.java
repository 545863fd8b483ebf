package babelmux.app.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be seen of the program that MediaMTX runs when an input is there.
 *
 * @param fault what is wrong with it; null when nothing is, or it cannot be seen
 * @param text what was seen, or why nothing was
 * @param seen whether it was
 * @param target the address that it tells; null when that is not known
 */
record HookProgram(@Nullable Code fault, String text, boolean seen, @Nullable String target) {
  private static final Set<PosixFilePermission> EXECUTE =
      Set.of(
          PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_EXECUTE);
  private static final int MAX_FIRST_LINE = 128;

  static HookProgram unseen(String why) {
    return new HookProgram(null, why, false, null);
  }

  /**
   * Looks at the file.
   *
   * @param text the command, as it stands in the configuration
   */
  static HookProgram look(String text, ServerProcess server) {
    HookCommand command = HookCommand.of(text, server.environment());
    if (!command.unset().isEmpty()) {
      return fault(
          Code.HOOK_PROGRAM_MISSING,
          "%s: %s is not set in MediaMTX's environment"
              .formatted(HookCommand.shown(text), command.unset().get(0)));
    }
    Optional<Path> program = server.program(command.program());
    if (program.isEmpty()) {
      return fault(Code.HOOK_PROGRAM_MISSING, command.program() + " is not there");
    }
    if (!isExecutable(program.get())) {
      return fault(Code.HOOK_NOT_EXECUTABLE, command.program() + " is not executable");
    }
    Optional<String> interpreter = interpreter(program.get());
    if (interpreter.isPresent() && server.program(interpreter.get()).isEmpty()) {
      return fault(
          Code.HOOK_PROGRAM_MISSING,
          "%s needs %s, which is not there".formatted(command.program(), interpreter.get()));
    }
    return command.isMtxHook() ? mtxHook(command, server) : seen(command, command.url());
  }

  private static HookProgram mtxHook(HookCommand command, ServerProcess server) {
    boolean hasClient =
        List.of("curl", "wget").stream().anyMatch(name -> server.program(name).isPresent());
    if (!hasClient) {
      return fault(
          Code.HOOK_CLIENT_MISSING,
          "%s finds neither curl nor wget on MediaMTX's PATH".formatted(command.program()));
    }
    return seen(command, Optional.of(server.environment().getOrDefault("ORCHESTRATOR_URL", "")));
  }

  private static HookProgram seen(HookCommand command, Optional<String> target) {
    return new HookProgram(null, command.program() + " is there", true, target.orElse(null));
  }

  private static HookProgram fault(Code code, String text) {
    return new HookProgram(code, text, true, null);
  }

  private static boolean isExecutable(Path file) {
    try {
      return !Collections.disjoint(Files.getPosixFilePermissions(file), EXECUTE);
    } catch (IOException | UnsupportedOperationException e) {
      return Files.isExecutable(file);
    }
  }

  /** What runs a script; empty for another program. */
  private static Optional<String> interpreter(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(MAX_FIRST_LINE), StandardCharsets.ISO_8859_1);
      String line = head.lines().findFirst().orElse("");
      return line.startsWith("#!")
          ? Optional.of(line.substring(2).strip().split("\\s+")[0])
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
