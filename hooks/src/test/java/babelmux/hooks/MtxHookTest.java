package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class MtxHookTest {

  /** A shell, and a PATH with one HTTP client in it. */
  private record Setup(String name, List<String> shell, Path bin, boolean showsTheAnswer) {
    /** Where the hook may write, other tests' hooks too. */
    Path folder() throws IOException {
      return Files.createDirectories(bin.resolveSibling("tmp-" + name.replace(' ', '-')));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<String> TOOLS =
      List.of("awk", "tr", "cat", "sed", "tail", "cut", "date", "sleep", "rm", "mktemp");
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path folder;
  private static final List<Setup> setups = new ArrayList<>();
  private static final List<String> absent = new ArrayList<>();

  private ScriptServer server;

  @BeforeAll
  static void findShellsAndClients() throws Exception {
    Map<String, List<String>> shells = new LinkedHashMap<>();
    Deploy.program("dash").ifPresent(p -> shells.put("dash", List.of(p.toString())));
    Deploy.program("busybox").ifPresent(p -> shells.put("busybox sh", List.of(p.toString(), "sh")));
    if (shells.isEmpty()) {
      shells.put("sh", List.of("/bin/sh"));
    }
    for (String shell : List.of("dash", "busybox sh")) {
      if (!shells.containsKey(shell)) {
        absent.add(shell);
      }
    }
    Map<String, Path> clients = new LinkedHashMap<>();
    if (Deploy.program("curl").isPresent()) {
      clients.put("curl", Deploy.bin(folder.resolve("curl"), with(TOOLS, "curl")));
    } else {
      absent.add("curl");
    }
    if (isGnuWget()) {
      clients.put("GNU wget", Deploy.bin(folder.resolve("gnu"), with(TOOLS, "wget", "timeout")));
    } else {
      absent.add("GNU wget");
    }
    if (Deploy.program("busybox").isPresent()) {
      clients.put(
          "busybox wget",
          Deploy.busyboxBin(folder.resolve("busybox"), with(TOOLS, "wget", "timeout")));
    } else {
      absent.add("busybox wget");
    }
    shells.forEach(
        (shell, command) ->
            clients.forEach(
                (client, bin) ->
                    setups.add(
                        new Setup(
                            shell + " with " + client,
                            command,
                            bin,
                            !client.equals("busybox wget")))));
  }

  @AfterAll
  static void sayWhatWasNotTested() throws IOException {
    Deploy.removeLinks(folder);
    System.out.println(
        "mtx-hook: tested under "
            + setups
            + (absent.isEmpty() ? "" : "; not found here, not tested: " + absent));
    setups.clear();
    absent.clear();
  }

  private static List<String> with(List<String> tools, String... more) {
    List<String> all = new ArrayList<>(tools);
    all.addAll(List.of(more));
    return all;
  }

  private static boolean isGnuWget() throws Exception {
    return Deploy.program("wget").isPresent()
        && Deploy.run(new ProcessBuilder("wget", "--version")).output().contains("GNU");
  }

  static List<Setup> setups() {
    return List.copyOf(setups);
  }

  @BeforeEach
  void start() throws IOException {
    server = new ScriptServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Map<String, String> event(String url) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("MTX_PATH", "live/demo/in");
    variables.put("MTX_SOURCE_TYPE", "rtmpConn");
    variables.put("MTX_SOURCE_ID", "id-1");
    variables.put("ORCHESTRATOR_URL", url);
    variables.put("BABELMUX_HEARTBEAT_SECONDS", "0");
    return variables;
  }

  /** The variables go through a script: what Java passes as environment depends on the locale. */
  private static ProcessBuilder hook(
      Setup setup, Map<String, String> variables, String... arguments) throws IOException {
    StringBuilder script = new StringBuilder();
    variables.forEach(
        (name, value) ->
            script.append("export %s='%s'\n".formatted(name, value.replace("'", "'\\''"))));
    script.append("exec");
    setup.shell().forEach(word -> script.append(" '").append(word).append('\''));
    script.append(" '").append(Deploy.HOOK).append("' \"$@\"\n");
    Path file = Files.createTempFile(folder, "run", ".sh");
    Files.writeString(file, script);
    List<String> command = new ArrayList<>(setup.shell());
    command.add(file.toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("PATH", setup.bin().toString());
    builder.environment().put("TMPDIR", setup.folder().toString());
    return builder;
  }

  @ParameterizedTest
  @MethodSource("setups")
  void deliversEveryCharacterAsItIs(Setup setup) throws Exception {
    StringBuilder hard =
        new StringBuilder("\"quoted\" back\\slash \\n \\u0041 $(id) `id` %s %25 é 日本 😀 '");
    for (char c = 1; c < 0x20; c++) {
      hard.append(c);
    }
    hard.append('\u007f').append("end");
    Map<String, String> variables = event(server.url() + "//");
    variables.put("MTX_SOURCE_TYPE", "type" + hard);
    variables.put("MTX_SOURCE_ID", "id" + hard);
    variables.put("MTX_QUERY", "query" + hard);
    Deploy.Ended ended = Deploy.run(hook(setup, variables, "ready"));
    assertThat(ended.output()).isEmpty();
    assertThat(ended.status()).isZero();
    assertThat(server.seen).hasSize(1);
    ScriptServer.Seen request = server.seen.get(0);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/v1/mediamtx/events/ready");
    assertThat(request.userAgent()).isEqualTo("MediaMTX-Hook/1.0");
    assertThat(request.contentType()).isEqualTo("application/json");
    JsonNode json = JSON.readTree(request.body());
    assertThat(json.path("path").asText()).isEqualTo("live/demo/in");
    assertThat(json.path("sourceType").asText()).isEqualTo("type" + hard);
    assertThat(json.path("sourceId").asText()).isEqualTo("id" + hard);
    assertThat(json.path("query").asText()).isEqualTo("query" + hard);
    assertThat(json.size()).isEqualTo(4);
  }

  @ParameterizedTest
  @MethodSource("setups")
  void checksTheCertificateOfHttpsWithTheFileThatItIsGiven(Setup setup) throws Exception {
    Path home = Files.createTempDirectory(folder, "tls");
    Path certificate = home.resolve("ca file.pem");
    try (ScriptServer tls = ScriptServer.tls(TestCertificate.make(home, certificate))) {
      Map<String, String> variables = event(tls.url());
      variables.put("BABELMUX_CA_FILE", certificate.toString());
      variables.put("BABELMUX_API_TOKEN", "t0ken");
      Deploy.Ended ended = Deploy.run(hook(setup, variables, "not-ready"));
      if (setup.name().endsWith("busybox wget")) {
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output()).contains("busybox's wget checks no certificates");
        return;
      }
      assertThat(ended.output()).isEmpty();
      assertThat(ended.status()).isZero();
      assertThat(tls.seen)
          .singleElement()
          .satisfies(
              seen -> {
                assertThat(seen.authorization()).isEqualTo("Bearer t0ken");
                assertThat(seen.text()).contains("live/demo/in");
              });
      variables.put("BABELMUX_CA_FILE", home.resolve("absent").toString());
      Deploy.Ended absent = Deploy.run(hook(setup, variables, "not-ready"));
      assertThat(absent.status()).isEqualTo(1);
      assertThat(absent.output()).contains("BABELMUX_CA_FILE: cannot read").hasLineCount(1);
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void isUnderstoodByTheEndpoint(Setup setup) throws Exception {
    try (HookServer babelmux = new HookServer()) {
      Map<String, String> variables = event(babelmux.url("").toString());
      variables.put("MTX_QUERY", "lang%3Des%26x%3Da%2520b");
      assertThat(Deploy.run(hook(setup, variables, "ready")).status()).isZero();
      assertThat(Deploy.run(hook(setup, variables, "not-ready")).status()).isZero();
      assertThat(babelmux.ready).extracting(SourceEvent::query).containsExactly("lang=es&x=a%20b");
      assertThat(babelmux.notReady).extracting(SourceEvent::sourceId).containsExactly("id-1");

      variables.put("MTX_PATH", "live/a\"b/in");
      Deploy.Ended refused = Deploy.run(hook(setup, variables, "ready"));
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.output()).contains("422").hasLineCount(1);
      if (setup.showsTheAnswer()) {
        assertThat(refused.output()).contains("expected a stream's path");
      }
      assertThat(babelmux.ready).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void refusalIsFinal(Setup setup) throws Exception {
    server.status = 422;
    Deploy.Ended ended = Deploy.run(hook(setup, event(server.url()), "not-ready"));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output())
        .startsWith("mtx-hook: not-ready live/demo/in: refused with 422: ")
        .hasLineCount(1);
    if (setup.showsTheAnswer()) {
      assertThat(ended.output()).contains("{\"detail\":\"path: ").endsWith("200\"}\n");
    }
    assertThat(server.seen).hasSize(1);
    assertThat(server.seen.get(0).path()).isEqualTo("/v1/mediamtx/events/not-ready");
  }

  @ParameterizedTest
  @MethodSource("setups")
  void busyServerIsAskedAgain(Setup setup) throws Exception {
    server.statuses.add(503);
    Deploy.Ended ended = Deploy.run(hook(setup, event(server.url()), "ready"));
    assertThat(ended.output()).isEmpty();
    assertThat(ended.status()).isZero();
    assertThat(server.seen).hasSize(2);
    assertThat(server.seen.get(1).body()).isEqualTo(server.seen.get(0).body());
  }

  @ParameterizedTest
  @MethodSource("setups")
  void silentServerIsGivenUp(Setup setup) throws Exception {
    server.status = ScriptServer.HANG;
    Deploy.Ended ended = Deploy.run(hook(setup, event(server.url()), "ready"));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(lastLine(ended)).startsWith("mtx-hook: ready live/demo/in: given up: no answer: ");
    assertThat(ended.millis()).isBetween(10_000L, 25_000L);
    assertThat(server.seen.size()).isBetween(2, 4);
    for (int i = 1; i < server.seen.size(); i++) {
      long gap = server.seen.get(i).nanos() - server.seen.get(i - 1).nanos();
      assertThat(Duration.ofNanos(gap)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void absentServerIsGivenUp(Setup setup) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Deploy.Ended ended = Deploy.run(hook(setup, event("http://127.0.0.1:" + port), "ready"));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output())
        .startsWith("mtx-hook: ready live/demo/in: given up: no answer: ")
        .containsIgnoringCase("connect")
        .hasLineCount(1);
    assertThat(ended.millis()).isBetween(3_000L, 15_000L);
  }

  @ParameterizedTest
  @MethodSource("setups")
  void endOfTheStreamEndsTheHook(Setup setup) throws Exception {
    assumeTrue(
        Deploy.program("setsid").isPresent() && envCanResetSignals(),
        "no setsid, or no env --default-signal: a SIGINT to a process group was not tested");
    server.status = ScriptServer.HANG;
    Process process = startInGroup(hook(setup, event(server.url()), "ready"));
    await().atMost(Duration.ofSeconds(10)).until(() -> !server.seen.isEmpty());
    Deploy.Ended ended = interrupt(process);
    assertThat(ended.status()).isEqualTo(1);
    assertThat(lastLine(ended)).contains("interrupted");
    assertThat(ended.millis()).isLessThan(2_000);
    assertThat(server.seen).hasSize(1);
  }

  /** As MediaMTX does: a process group of its own, in which SIGINT is not ignored. */
  private static Process startInGroup(ProcessBuilder hook) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Deploy.program("env").orElseThrow().toString(),
                "--default-signal=INT",
                Deploy.program("setsid").orElseThrow().toString()));
    command.addAll(hook.command());
    return Deploy.start(hook.command(command));
  }

  private static Deploy.Ended interrupt(Process process) throws Exception {
    long signalled = System.nanoTime();
    assertThat(Deploy.run(new ProcessBuilder("kill", "-INT", "--", "-" + process.pid())).status())
        .isZero();
    return Deploy.await(process, signalled);
  }

  @ParameterizedTest
  @MethodSource("setups")
  void anAcceptedReadyStaysAndEndsWithTheStreamWithoutAWord(Setup setup) throws Exception {
    assumeTrue(
        Deploy.program("setsid").isPresent() && envCanResetSignals(),
        "no setsid, or no env --default-signal: a SIGINT to a process group was not tested");
    Map<String, String> variables = event(server.url());
    variables.remove("BABELMUX_HEARTBEAT_SECONDS");
    Process process = startInGroup(hook(setup, variables, "ready"));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> process.descendants().anyMatch(child -> arguments(child).contains("25")));
    assertThat(server.seen).hasSize(1);
    Deploy.Ended ended = interrupt(process);
    assertThat(ended.output()).isEmpty();
    assertThat(ended.status()).isZero();
    await().until(() -> process.descendants().findAny().isEmpty());
  }

  private static String arguments(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
    } catch (IOException gone) {
      return "";
    }
  }

  @Test
  void anAcceptedNotReadyEndsAtOnce() throws Exception {
    Map<String, String> variables = event(server.url());
    variables.put("BABELMUX_HEARTBEAT_SECONDS", "60");
    assertThat(Deploy.run(hook(setups.get(0), variables, "not-ready")).status()).isZero();
  }

  @ParameterizedTest
  @MethodSource("setups")
  void theTokenIsSent(Setup setup) throws Exception {
    Map<String, String> variables = event(server.url());
    variables.put("BABELMUX_API_TOKEN", "t0ken.~+/=%-_$'`");
    assertThat(Deploy.run(hook(setup, variables, "ready")).output()).isEmpty();
    Path file = Files.createTempFile(folder, "token", "");
    Files.writeString(file, "from-a-file\r\n");
    variables.put("BABELMUX_API_TOKEN", "@" + file);
    assertThat(Deploy.run(hook(setup, variables, "not-ready")).output()).isEmpty();
    assertThat(server.seen)
        .extracting(ScriptServer.Seen::authorization)
        .containsExactly("Bearer t0ken.~+/=%-_$'`", "Bearer from-a-file");
  }

  @ParameterizedTest
  @MethodSource("setups")
  void theTokenAndTheEventAreInNoListOfProcesses(Setup setup) throws Exception {
    assumeTrue(setup.showsTheAnswer(), "busybox's wget takes them as arguments only: documented");
    assumeTrue(Files.isReadable(Path.of("/proc/self/cmdline")), "no /proc");
    server.status = ScriptServer.HANG;
    Map<String, String> variables = event(server.url());
    variables.put("BABELMUX_API_TOKEN", "the-secret");
    variables.put("MTX_QUERY", "pass=hidden");
    // Other tests with this setup run at the same time.
    Path own = Files.createTempDirectory(folder, "own");
    variables.put("TMPDIR", own.toString());
    Process process = Deploy.start(hook(setup, variables, "ready"));
    await().atMost(Duration.ofSeconds(10)).until(() -> !server.seen.isEmpty());
    List<String> seen = new ArrayList<>(List.of(arguments(process.toHandle())));
    process.descendants().forEach(child -> seen.add(arguments(child)));
    process.toHandle().destroy();
    assertThat(seen).anyMatch(line -> line.contains("MediaMTX-Hook/1.0"));
    assertThat(seen).noneMatch(line -> line.contains("the-secret") || line.contains("hidden"));
    assertThat(Deploy.await(process, System.nanoTime()).status()).isEqualTo(1);
    try (var left = Files.list(own)) {
      assertThat(left).as("files that the hook left").isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "quoted\"", "back\\slash", "@/nonexistent/token", "\u00e9"})
  void aTokenThatCannotBeSentIsRefusedAndNotShown(String token) throws Exception {
    Map<String, String> variables = event(server.url());
    variables.put("BABELMUX_API_TOKEN", token);
    Deploy.Ended ended = Deploy.run(hook(setups.get(0), variables, "ready"));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output()).startsWith("mtx-hook: BABELMUX_API_TOKEN: ").hasLineCount(1);
    assertThat(server.seen).isEmpty();
  }

  private static boolean envCanResetSignals() throws Exception {
    return Deploy.run(new ProcessBuilder("env", "--default-signal=INT", "true")).status() == 0;
  }

  /** What a shell itself says of a killed child stands before it. */
  private static String lastLine(Deploy.Ended ended) {
    String[] lines = ended.output().split("\n");
    return lines[lines.length - 1];
  }

  @ParameterizedTest
  @CsvSource({
    "MTX_PATH, MTX_PATH is not set",
    "MTX_SOURCE_TYPE, runOnOnline",
    "MTX_SOURCE_ID, MTX_SOURCE_ID is not set",
    "ORCHESTRATOR_URL, expected babelmux's address",
  })
  void missingVariableIsNamed(String name, String message) throws Exception {
    Map<String, String> variables = event(server.url());
    variables.remove(name);
    Deploy.Ended ended = Deploy.run(hook(setups.get(0), variables, "ready"));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output()).startsWith("mtx-hook: ").contains(message).hasLineCount(1);
    assertThat(server.seen).isEmpty();
  }

  @Test
  void sourceThatMediaMtxPullsHasNoId() throws Exception {
    Map<String, String> variables = event(server.url());
    variables.put("MTX_SOURCE_TYPE", "rtspSource");
    variables.put("MTX_SOURCE_ID", "");
    assertThat(Deploy.run(hook(setups.get(0), variables, "ready")).status()).isZero();
    assertThat(server.seen.get(0).text())
        .isEqualTo("{\"path\":\"live/demo/in\",\"sourceType\":\"rtspSource\",\"sourceId\":\"\"}");
  }

  @ParameterizedTest
  @CsvSource({"localhost:8080", "ftp://x", "'http://x y'", "http://"})
  void otherAddressesAreRefused(String url) throws Exception {
    Deploy.Ended ended = Deploy.run(hook(setups.get(0), event(url), "ready"));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output()).startsWith("mtx-hook: ORCHESTRATOR_URL: expected").hasLineCount(1);
  }

  @Test
  void otherArgumentsAreRefused() throws Exception {
    for (String[] arguments :
        List.of(new String[0], new String[] {"online"}, new String[] {"ready", "now"})) {
      Deploy.Ended ended = Deploy.run(hook(setups.get(0), event(server.url()), arguments));
      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.output()).isEqualTo("mtx-hook: expected one argument, ready or not-ready\n");
    }
  }

  @Test
  void withoutAClientItSaysSo() throws Exception {
    Setup first = setups.get(0);
    Setup none = new Setup("none", first.shell(), Deploy.bin(folder.resolve("none"), TOOLS), false);
    Deploy.Ended ended = Deploy.run(hook(none, event(server.url()), "ready"));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output()).isEqualTo("mtx-hook: curl or wget is needed, and neither is here\n");
  }
}
