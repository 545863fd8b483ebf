package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.hooks.TestStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of the hook in a file system of its own, as that of a container, and its verdict. */
class HookProgramTest {
  private static final HookVerdict.Port PORT =
      new HookVerdict.Port("http", 8080, host -> host.equals("127.0.0.1"));

  @TempDir Path root;
  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "PATH", "/none:/bin",
              "BABELMUX_HOOK", "/hooks/mtx-hook",
              "ORCHESTRATOR_URL", "http://127.0.0.1:8080"));

  @BeforeEach
  void make() throws IOException {
    write("bin/busybox", "rwxr-xr-x", "\u007fELF");
    // As Alpine has it: the link leads nowhere outside of the container.
    Files.createSymbolicLink(root.resolve("bin/sh"), Path.of("/bin/busybox"));
    Files.createSymbolicLink(root.resolve("bin/wget"), Path.of("busybox"));
    write("hooks/mtx-hook", "rwxr-xr-x", "#!/bin/sh\n");
  }

  private void write(String name, String mode, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private HookProgram look(String command) {
    return HookProgram.look(command, new ServerProcess(root, Path.of("/hooks"), environment));
  }

  @Test
  void theShippedProgramIsThereWithAllThatItNeeds() {
    HookProgram program = look("$BABELMUX_HOOK ready");
    assertThat(program.fault()).isNull();
    assertThat(program.seen()).isTrue();
    assertThat(program.target()).isEqualTo("http://127.0.0.1:8080");
    assertThat(look("./mtx-hook ready").fault()).as("in MediaMTX's folder").isNull();
  }

  @Test
  void whatIsWrongWithItIsNamed() throws IOException {
    assertThat(look("$OTHER ready").fault()).isEqualTo(Code.HOOK_PROGRAM_MISSING);
    assertThat(look("$OTHER ready").text()).contains("OTHER is not set");
    assertThat(look("$OTHER ready --token=secret").text())
        .as("arguments may hold anything")
        .startsWith("$OTHER: ")
        .doesNotContain("secret");
    assertThat(look("/none/hook ready").fault()).isEqualTo(Code.HOOK_PROGRAM_MISSING);
    assertThat(look("hook ready").fault()).isEqualTo(Code.HOOK_PROGRAM_MISSING);
    write("hooks/plain", "rw-r--r--", "#!/bin/sh\n");
    assertThat(look("/hooks/plain").fault()).isEqualTo(Code.HOOK_NOT_EXECUTABLE);
    write("hooks/python", "rwxr-xr-x", "#!/usr/bin/python3 -u\n");
    assertThat(look("/hooks/python").fault()).isEqualTo(Code.HOOK_PROGRAM_MISSING);
    assertThat(look("/hooks/python").text()).contains("needs /usr/bin/python3");
    Files.delete(root.resolve("bin/wget"));
    assertThat(look("$BABELMUX_HOOK ready").fault()).isEqualTo(Code.HOOK_CLIENT_MISSING);
  }

  @Test
  void itsAddressIsItsOwnOrStandsInTheCommand() {
    assertThat(look("sh -c \"wget -q http://h:1/v1/mediamtx/events/ready\"").target())
        .isEqualTo("http://h:1");
    assertThat(look("sh -c 'exit 0'").target()).isNull();
    environment.remove("ORCHESTRATOR_URL");
    assertThat(look("$BABELMUX_HOOK ready").target()).isEmpty();
  }

  @Test
  void wordsAreSplitAndVariablesReplaced() {
    HookCommand command =
        HookCommand.of("'/a b/hook' \"$X\" ${Y}z '' $NONE", Map.of("X", "x y", "Y", "y"));
    assertThat(command.words()).containsExactly("/a b/hook", "x y", "yz", "", "");
    assertThat(command.unset()).isEmpty();
    assertThat(HookCommand.of("", Map.of()).program()).isEmpty();
  }

  private static TestStreams.Arrivals arrivals(boolean ready, String... refused) {
    return new TestStreams.Arrivals(ready, false, false, false, List.of(refused));
  }

  private static List<Code> faults(List<Finding> findings) {
    return findings.stream().filter(finding -> finding.code() != null).map(Finding::code).toList();
  }

  @Test
  void aHookThatArrivesWorksWhateverTheProgramLooksLike() {
    HookProgram broken = new HookProgram(Code.HOOK_PROGRAM_MISSING, "gone", true, null);
    HookProgram elsewhere = new HookProgram(null, "there", true, "http://proxy:80");
    for (HookProgram program : List.of(broken, elsewhere, HookProgram.unseen("far away"))) {
      assertThat(HookVerdict.arrived(program, arrivals(true, "address"), PORT))
          .allMatch(finding -> finding.level() == Level.OK);
    }
  }

  @Test
  void oneThatDoesNotArriveHasOneReason() {
    HookProgram fine = look("$BABELMUX_HOOK ready");
    HookProgram unseen = HookProgram.unseen("far away");
    assertThat(faults(HookVerdict.arrived(fine, arrivals(false), PORT)))
        .containsExactly(Code.HOOK_LOST);
    assertThat(faults(HookVerdict.arrived(unseen, arrivals(false), PORT)))
        .containsExactly(Code.HOOK_LOST);
    assertThat(faults(HookVerdict.arrived(unseen, arrivals(false, "token_missing"), PORT)))
        .containsExactly(Code.HOOK_REFUSED);
    assertThat(faults(HookVerdict.arrived(look("/none ready"), arrivals(false), PORT)))
        .containsExactly(Code.HOOK_PROGRAM_MISSING);
    for (String target :
        List.of(
            "http://127.0.0.1:8081", "https://127.0.0.1:8080", "http://other:8080", "", "x y")) {
      HookProgram elsewhere = new HookProgram(null, "there", true, target);
      assertThat(faults(HookVerdict.arrived(elsewhere, arrivals(false, "address"), PORT)))
          .as(target)
          .containsExactly(Code.HOOK_ELSEWHERE);
      assertThat(HookVerdict.isBroken(elsewhere, PORT)).as("nobody waits for it").isTrue();
    }
    assertThat(HookVerdict.isBroken(fine, PORT)).isFalse();
    assertThat(HookVerdict.isBroken(unseen, PORT)).isFalse();
    TestStreams.Arrivals listed = new TestStreams.Arrivals(false, false, false, true, List.of());
    assertThat(faults(HookVerdict.arrived(fine, listed, PORT)))
        .as("what the Control API lists is no hook")
        .containsExactly(Code.HOOK_LOST);
  }

  @Test
  void aCommandOfAnyLengthIsRead() {
    String word = "x".repeat(1 << 20);
    assertThat(HookCommand.of("/bin/hook " + word + " 'a b'\"c d\"e", environment).words())
        .containsExactly("/bin/hook", word, "a bc de");
  }

  @Test
  void anAddressWithoutAPortHasItsSchemes() {
    for (String scheme : List.of("http", "https")) {
      HookVerdict.Port port =
          new HookVerdict.Port(scheme, scheme.equals("http") ? 80 : 443, host -> true);
      HookProgram program = new HookProgram(null, "there", true, scheme + "://worker");
      assertThat(HookVerdict.isBroken(program, port)).as(scheme).isFalse();
    }
  }

  @Test
  void aRefusalSaysWhatToDo() {
    HookProgram fine = look("$BABELMUX_HOOK ready");
    assertThat(HookVerdict.arrived(fine, arrivals(false, "address"), PORT))
        .anyMatch(finding -> String.valueOf(finding.advice()).contains("http.trusted"));
    assertThat(HookVerdict.arrived(fine, arrivals(false, "token_wrong"), PORT))
        .anyMatch(finding -> String.valueOf(finding.advice()).contains("BABELMUX_API_TOKEN"));
  }

  @Test
  void withoutAPublishTheProgramAloneIsJudged() {
    assertThat(faults(HookVerdict.unpublished(look("/none ready"), PORT, "nothing is published")))
        .containsExactly(Code.HOOK_PROGRAM_MISSING);
    assertThat(HookVerdict.unpublished(look("$BABELMUX_HOOK ready"), PORT, "why"))
        .extracting(Finding::level)
        .containsExactly(Level.OK, Level.UNKNOWN);
  }
}
