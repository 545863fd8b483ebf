package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Both scripts, run by each POSIX shell that is there, against a java and a mvn that only write
 * down how they were called.
 */
@Tag("slow")
@Timeout(60)
class LauncherTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private final Path dir;
  private final Path tools;
  private final Path clone;
  private final Map<String, String> env = new HashMap<>();

  LauncherTest(@TempDir Path temp) throws IOException {
    dir = temp;
    tools = Files.createDirectory(dir.resolve("tools"));
    for (String tool :
        List.of(
            "sh",
            "cat",
            "chmod",
            "cp",
            "dirname",
            "find",
            "grep",
            "head",
            "id",
            "mkdir",
            "mktemp",
            "readlink",
            "rm",
            "sed",
            "sleep",
            "tail",
            "touch",
            "uname",
            "ls")) {
      Files.createSymbolicLink(tools.resolve(tool), onPath(tool));
    }
    env.put("PATH", tools.toString());
    env.put("HOME", dir.toString());
    clone = Files.createDirectories(dir.resolve("a clone"));
    Files.copy(ROOT.resolve("babelmux"), clone.resolve("babelmux"));
    executable(clone.resolve("babelmux"));
    Files.writeString(clone.resolve("pom.xml"), "<project/>");
    for (String module :
        List.of(
            "media",
            "hooks",
            "worker",
            "app",
            "testkit/testmedia",
            "testkit/origin",
            "testkit/sts-echo",
            "testkit/meter")) {
      Files.createDirectories(clone.resolve(module).resolve("src/main"));
      Files.writeString(clone.resolve(module).resolve("pom.xml"), "<project/>");
    }
  }

  /** JUnit deletes links, too, but warns of each. */
  @AfterEach
  void deleteLinks() throws IOException {
    try (Stream<Path> files = Files.list(tools)) {
      for (Path file : files.filter(Files::isSymbolicLink).toList()) {
        Files.delete(file);
      }
    }
  }

  static Stream<List<String>> shells() {
    return Stream.of(List.of("dash"), List.of("busybox", "sh"), List.of("bash", "--posix"))
        .filter(shell -> findOnPath(shell.get(0)) != null);
  }

  private static Path onPath(String tool) {
    Path path = findOnPath(tool);
    assertThat(path).as(tool).isNotNull();
    return Objects.requireNonNull(path);
  }

  private static @Nullable Path findOnPath(String tool) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      Path path = Path.of(folder, tool);
      if (Files.isExecutable(path)) {
        return path;
      }
    }
    return null;
  }

  private static void executable(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void tool(String name, String script) throws IOException {
    Path path = tools.resolve(name);
    Files.writeString(path, "#!" + onPath("sh") + "\n" + script);
    executable(path);
  }

  private void java(String version) throws IOException {
    tool(
        "java",
        """
        if [ "$1" = -version ]; then
          echo 'openjdk version "%s" 2025-01-01' >&2
          exit 0
        fi
        for arg; do printf '<%%s>' "$arg"; done
        echo
        echo "arenas ${MALLOC_ARENA_MAX:-} mmap ${MALLOC_MMAP_THRESHOLD_:-}"
        """
            .formatted(version));
    tool("javac", "exit 0\n");
  }

  /** Builds a program that writes down its arguments. */
  private void maven() throws IOException {
    tool(
        "mvn",
        """
        echo built >>"%1$s/builds"
        mkdir -p "%2$s/app/target/babelmux/bin"
        printf '%%s\\n' '#!%3$s' 'for arg; do printf "<%%s>" "$arg"; done; echo " pid $$"' \
          >"%2$s/app/target/babelmux/bin/babelmux"
        chmod +x "%2$s/app/target/babelmux/bin/babelmux"
        """
            .formatted(dir, clone, onPath("sh")));
  }

  private long builds() throws IOException {
    Path builds = dir.resolve("builds");
    return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
  }

  private record Result(int code, String out, String err, long pid) {}

  private Result run(List<String> shell, Path script, String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(onPath(shell.get(0)).toString());
    command.addAll(shell.subList(1, shell.size()));
    command.add(script.toString());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
    builder.environment().clear();
    builder.environment().putAll(env);
    Path err = Files.createTempFile(dir, "err", "");
    Process process = builder.redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out, Files.readString(err), process.pid());
  }

  private Result launch(List<String> shell, String... args) throws Exception {
    return run(shell, clone.resolve("babelmux"), args);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void buildsOnceThenRunsAndBecomesTheProgram(List<String> shell) throws Exception {
    java("17.0.15");
    maven();
    Result first = launch(shell, "dub", "a b", "*", "", "$HOME");
    assertThat(first.err()).contains("babelmux: building").hasLineCount(1);
    assertThat(first.out()).isEqualTo("<dub><a b><*><><$HOME> pid " + first.pid() + "\n");
    Result second = launch(shell, "serve");
    assertThat(second.err()).isEmpty();
    assertThat(second.code()).isZero();
    assertThat(builds()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void buildsAgainWhenASourceIsNewer(List<String> shell) throws Exception {
    java("21");
    maven();
    launch(shell, "serve");
    Path source = Files.writeString(clone.resolve("worker/src/main/X.java"), "class X {}");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    launch(shell, "serve");
    assertThat(builds()).isEqualTo(2);
    Path test = Files.createDirectories(clone.resolve("worker/src/test")).resolve("T.java");
    Files.writeString(test, "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.EPOCH));
    Files.setLastModifiedTime(test, FileTime.from(Instant.now().plusSeconds(5)));
    launch(shell, "serve");
    assertThat(builds()).isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aFailedBuildSaysWhyAndWhereAndRunsNothing(List<String> shell) throws Exception {
    java("17");
    tool("mvn", "echo '[INFO] fine'; echo '[ERROR] X.java: no such thing'; exit 1\n");
    Result result = launch(shell, "serve");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains("[ERROR] X.java: no such thing")
        .contains("app/target/build.log")
        .doesNotContain("fine");
    assertThat(clone.resolve("app/target/build.lock")).doesNotExist();
  }

  /** Ctrl-C reaches the shell alone: what it runs in the background does not hear of it. */
  @ParameterizedTest
  @MethodSource("shells")
  void anInterruptEndsMaven(List<String> shell) throws Exception {
    java("17");
    tool(
        "mvn",
        """
        echo $$ >"%1$s/mvn.pid.new"
        mv "%1$s/mvn.pid.new" "%1$s/mvn.pid"
        exec sleep 50
        """
            .formatted(dir));
    Files.createSymbolicLink(tools.resolve("mv"), onPath("mv"));
    List<String> command = new ArrayList<>(List.of(onPath(shell.get(0)).toString()));
    command.addAll(shell.subList(1, shell.size()));
    command.addAll(List.of(clone.resolve("babelmux").toString(), "serve"));
    ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
    builder.environment().clear();
    builder.environment().putAll(env);
    builder.redirectErrorStream(true).redirectOutput(dir.resolve("said").toFile());
    Process launcher = builder.start();
    Path pid = dir.resolve("mvn.pid");
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(pid));
    ProcessHandle maven =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();

    // The same as SIGINT for the trap; a shell started here may be deaf to SIGINT itself.
    launcher.destroy();

    assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(launcher.exitValue()).isEqualTo(143);
    await().atMost(Duration.ofSeconds(20)).until(() -> !maven.isAlive());
    assertThat(clone.resolve("app/target/build.lock")).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aPlatformWithoutNativesIsSaidInOneLine(List<String> shell) throws Exception {
    java("17");
    maven();
    Files.delete(tools.resolve("uname"));
    tool("uname", "echo Linux riscv64\n");
    Result result = launch(shell, "serve");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("there are no native libraries for Linux riscv64: babelmux runs on Linux x86_64")
        .hasLineCount(1);
    assertThat(builds()).isZero();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aLockThatAKilledBuildLeftIsTakenOver(List<String> shell) throws Exception {
    java("17");
    maven();
    Path lock = Files.createDirectories(clone.resolve("app/target/build.lock"));
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.writeString(lock.resolve("pid"), gone.pid() + "\n");
    assertThat(launch(shell, "serve").code()).isZero();
    assertThat(lock).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("shells")
  void whatIsMissingIsSaidInOneLine(List<String> shell) throws Exception {
    assertMissing(shell, "babelmux: no Java found");
    java("11.0.2");
    assertMissing(shell, "java is too old (version 11): a JDK, 17 or newer, is needed");
    java("1.8.0_402");
    assertMissing(shell, "java is too old (version 1): a JDK, 17 or newer, is needed");
    java("17.0.15");
    assertMissing(shell, "babelmux: no Maven found");
    Files.delete(tools.resolve("javac"));
    assertMissing(shell, "comes without javac: a JDK is needed to build, not only a JRE");
    env.put("JAVA_HOME", "/none");
    assertMissing(shell, "babelmux: JAVA_HOME is /none, but there is no bin/java in it");
  }

  private void assertMissing(List<String> shell, String line) throws Exception {
    Result result = launch(shell, "serve");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains(line).hasLineCount(1);
  }

  /** The script of the distribution, beside an empty jar. */
  private Path program() throws IOException {
    Path home = Files.createDirectories(dir.resolve("dist dir"));
    Path bin = Files.createDirectories(home.resolve("bin")).resolve("babelmux");
    Files.copy(Path.of("src/main/dist/bin/babelmux"), bin);
    Files.createFile(Files.createDirectories(home.resolve("lib")).resolve("babelmux-app.jar"));
    return bin;
  }

  @ParameterizedTest
  @MethodSource("shells")
  void theJvmGetsWhatItsVersionUnderstands(List<String> shell) throws Exception {
    Path program = program();
    java("17.0.15");
    Result on17 = run(shell, program, "doctor", "a b");
    assertThat(on17.out())
        .startsWith("<--enable-native-access=ALL-UNNAMED>")
        .contains("<-Dorg.bytedeco.javacpp.maxPhysicalBytes=0><-Dorg.bytedeco.javacpp.maxBytes=0>")
        .contains(
            "/dist dir/lib/babelmux-app.jar><babelmux.app.Main><doctor><a b>\narenas  mmap \n")
        .doesNotContain("unsafe")
        .doesNotContain("cachedir");
    java("22.0.1");
    assertThat(run(shell, program, "x").out()).doesNotContain("unsafe");
    java("23");
    assertThat(run(shell, program, "x").out()).contains("<--sun-misc-unsafe-memory-access=allow>");
    env.put("BABELMUX_JAVA_OPTS", "-Xmx1g -Dx=y");
    assertThat(run(shell, program, "x").out()).contains("<-Xmx1g><-Dx=y>");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void whatWasPreparedIsTakenAndNothingElse(List<String> shell) throws Exception {
    Path program = program();
    java("17.0.15");
    assertThat(run(shell, program, "x").out()).doesNotContain("jsa");
    Path library = dir.resolve("dist dir/lib");
    Files.createFile(library.resolve("babelmux-17.jsa"));
    Files.createFile(library.resolve("serve-25.aot"));
    Files.createFile(library.resolve("dub-25.aot"));
    assertThat(run(shell, program, "x").out())
        .contains("/dist dir/lib/babelmux-17.jsa><-Xlog:cds*=off>")
        .doesNotContain("aot");
    java("21.0.1");
    assertThat(run(shell, program, "serve").out()).doesNotContain("jsa", "aot");
    java("25.0.3");
    assertThat(run(shell, program, "serve").out())
        .contains("<-XX:AOTCache=", "/lib/serve-25.aot><-Xlog:cds*=off><-Xlog:aot*=off>")
        .doesNotContain("jsa");
    assertThat(run(shell, program, "dub").out()).contains("/lib/dub-25.aot>");
    assertThat(run(shell, program, "doctor").out()).contains("/lib/dub-25.aot>");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void whatEndsSoonIsCompiledOnce(List<String> shell) throws Exception {
    Path program = program();
    java("17.0.15");
    assertThat(run(shell, program, "dub").out()).contains("<-XX:TieredStopAtLevel=1>");
    assertThat(run(shell, program, "relay").out()).contains("<-XX:TieredStopAtLevel=1>");
    assertThat(run(shell, program, "serve").out()).doesNotContain("Tiered");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void theWorkerAloneGetsAHeapWithACeiling(List<String> shell) throws Exception {
    Path program = program();
    java("17.0.15");
    assertThat(run(shell, program, "dub").out()).doesNotContain("-Xmx").endsWith("arenas  mmap \n");
    assertThat(run(shell, program, "serve").out())
        .contains("<-XX:+UseG1GC>", "<-Xmx512m>")
        .endsWith("arenas 2 mmap 262144\n");
    env.put("JAVA_OPTS", "-Xmx1g");
    env.put("BABELMUX_JAVA_OPTS", "-Xmx2g -XX:-UseG1GC");
    env.put("MALLOC_ARENA_MAX", "8");
    Result given = run(shell, program, "serve");
    assertThat(given.out())
        .containsSubsequence("<-Xmx512m>", "<-Xmx1g>", "<-Xmx2g><-XX:-UseG1GC>")
        .endsWith("arenas 8 mmap 262144\n");
  }

  /** None of the options may keep a Java from starting: with the one that runs this test. */
  @Test
  void theWorkersOptionsAreUnderstood() throws Exception {
    Path program = program();
    env.put("JAVA_HOME", System.getProperty("java.home"));
    Result result = run(List.of("sh"), program, "serve");
    // The jar is empty: Java starts and finds no class.
    assertThat(result.err())
        .contains("babelmux.app.Main")
        .doesNotContain("VM option", "Conflicting", "Unrecognized");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void withoutAHomeTheNativesGetAPlaceOfTheirOwn(List<String> shell) throws Exception {
    Path program = program();
    java("25");
    Path temp = Files.createDirectory(dir.resolve("temp"));
    env.put("TMPDIR", temp.toString());
    env.remove("HOME");
    String first = run(shell, program, "x").out();
    assertThat(first).contains("<-Dorg.bytedeco.javacpp.cachedir=" + temp + "/babelmux-natives-");
    assertThat(run(shell, program, "x").out()).isEqualTo(first);
    env.put("HOME", "/nonexistent");
    assertThat(run(shell, program, "x").out()).isEqualTo(first);
    try (Stream<Path> made = Files.list(temp)) {
      assertThat(made)
          .singleElement()
          .satisfies(
              path ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                      .isEqualTo("rwx------"));
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void theProgramRunsThroughALink(List<String> shell) throws Exception {
    Path program = program();
    java("17");
    Path link = Files.createSymbolicLink(dir.resolve("bm"), Path.of("dist dir/bin/babelmux"));
    assertThat(program).exists();
    assertThat(run(shell, link, "x").out()).contains("/dist dir/lib/babelmux-app.jar>");
  }

  @Test
  void shellcheckFindsNothing() throws Exception {
    assumeThat(findOnPath("shellcheck")).isNotNull();
    Process process =
        new ProcessBuilder(
                onPath("shellcheck").toString(),
                ROOT.resolve("babelmux").toString(),
                "src/main/dist/bin/babelmux")
            .redirectErrorStream(true)
            .start();
    String findings = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(findings).isEmpty();
  }
}
