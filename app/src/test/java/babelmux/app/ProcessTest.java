package babelmux.app;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program as a process of its own: it says where it listens, answers, and ends on SIGTERM with
 * 0.
 */
@Tag("slow")
@Timeout(60)
class ProcessTest {

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void killAll() {
    processes.forEach(Process::destroyForcibly);
  }

  private Process start(Class<?> main, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    processes.add(process);
    return process;
  }

  private static URI url(Process process, String pattern) throws IOException {
    BufferedReader reader = process.inputReader();
    String line = requireNonNull(reader.readLine(), "the process ended without a word");
    Matcher matcher = Pattern.compile(pattern).matcher(line);
    assertThat(matcher.find()).as(line).isTrue();
    return URI.create(matcher.group(1));
  }

  private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void endsOnSigterm(Process process, URI url) throws InterruptedException {
    process.toHandle().destroy();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    Assertions.assertThatThrownBy(() -> get(url)).isInstanceOf(ConnectException.class);
  }

  @Test
  void stsEcho() throws Exception {
    Process process = start(Main.class, "sts-echo", "--port", "0", "--log-level", "warn");
    URI url = url(process, "listening on (http://127.0.0.1:\\d+)");
    assertThat(get(url.resolve("/health")).body()).contains("healthy");
    endsOnSigterm(process, url);
  }

  @Test
  void origin() throws Exception {
    Process process =
        start(Main.class, "origin", "--rtmp-port", "0", "--api-port", "0", "--hls-port", "0");
    URI url = url(process, "Control API on (http://127.0.0.1:\\d+)");
    assertThat(get(url.resolve("/v3/paths/list")).body()).contains("\"items\"");
    endsOnSigterm(process, url);
  }

  @Test
  void serveDrainsOnSigtermWhileItsHealthGoesOn() throws Exception {
    Process process = start(ServeWithFakeStreams.class, "serve", "--port", "0");
    URI url = url(process, "listening on (http://127.0.0.1:\\d+)");
    assertThat(get(url.resolve("/health/ready")).statusCode()).isEqualTo(200);
    assertThat(get(url.resolve("/metrics")).body()).contains("media_service_worker_info");
    // Process.destroy would close its output, too.
    process.toHandle().destroy();
    assertThat(process.inputReader().readLine()).isEqualTo("drain begins");
    assertThat(get(url.resolve("/health/ready")).statusCode()).isEqualTo(503);
    process.getOutputStream().close(); // the drain is over
    endsOnSigterm(process, url);
  }

  /** The cookie of a session, as a browser sends it. */
  private static String signIn(URI url, String token) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve("/v1/session"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"token\": \"%s\"}".formatted(token)))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .headers()
        .firstValue("Set-Cookie")
        .orElseThrow()
        .split(";", 2)[0];
  }

  private static int read(URI url, String cookie) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve("/v1/page")).header("Cookie", cookie).build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static int delete(URI url, String token) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve("/v1/streams/none"))
            .header("Authorization", "Bearer " + token)
            .DELETE()
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** Sends SIGHUP and waits for the line that says what was read. */
  private static String hangUp(Process process, BufferedReader reader) throws Exception {
    Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
    String line;
    do {
      line = requireNonNull(reader.readLine(), "the process ended");
    } while (!line.contains("SIGHUP"));
    return line;
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void sighupReadsSecretsAgainAndEndsNothing(@TempDir Path folder) throws Exception {
    Assumptions.assumeFalse(sighupIsIgnored(), "SIGHUP is ignored, as under nohup");
    Path token = folder.resolve("token");
    Path key = folder.resolve("key");
    Files.writeString(token, "t0ken-1\n");
    Files.writeString(key, "k3y-1\n");
    Process process =
        start(
            ServeWithFakeStreams.class,
            "serve",
            "--port",
            "0",
            "--api-token",
            "@" + token,
            "--sts-token",
            "@" + key);
    BufferedReader reader = process.inputReader();
    Pattern listening = Pattern.compile("listening on (http://127.0.0.1:\\d+)");
    Matcher matcher = listening.matcher("");
    while (!matcher.find()) {
      matcher = listening.matcher(requireNonNull(reader.readLine(), "the process ended"));
    }
    URI url = URI.create(matcher.group(1));
    assertThat(delete(url, "t0ken-1")).isEqualTo(404);
    String first = signIn(url, "t0ken-1");
    assertThat(read(url, first)).isEqualTo(200);
    Files.writeString(token, "t0ken-2\n");
    Files.delete(key);
    assertThat(delete(url, "t0ken-1")).isEqualTo(404);
    // The tests' log has warnings only: one file cannot be read.
    assertThat(hangUp(process, reader))
        .contains("WARN", "changed api.token; unchanged none")
        .contains("kept the old value of sts.token (the file " + key + " is not there)")
        .doesNotContain("t0ken", "k3y");
    assertThat(delete(url, "t0ken-1")).isEqualTo(401);
    assertThat(delete(url, "t0ken-2")).isEqualTo(404);
    assertThat(read(url, first)).as("a session of the old token").isEqualTo(401);
    String second = signIn(url, "t0ken-2");
    Files.delete(token);
    assertThat(new ProcessBuilder("mkfifo", token.toString()).start().waitFor()).isZero();
    assertThat(hangUp(process, reader))
        .contains("changed none; unchanged none")
        .contains("api.token (the file " + token + " is no regular file)");
    assertThat(delete(url, "t0ken-2")).isEqualTo(404);
    assertThat(read(url, second)).as("a session of the token that counts").isEqualTo(200);
    process.getOutputStream().close(); // nothing has to be drained
    endsOnSigterm(process, url);
  }

  /** Processes inherit that, and a JVM then hears no SIGHUP. */
  private static boolean sighupIsIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> line.substring("SigIgn:".length()).strip())
        .anyMatch(signals -> (Long.parseUnsignedLong(signals, 16) & 1) != 0);
  }

  @Test
  void serveWarnsOnceThatHooksOfOtherMachinesAreRefused() throws Exception {
    Process process =
        start(ServeWithFakeStreams.class, "serve", "--host", "0.0.0.0", "--port", "0");
    BufferedReader reader = process.inputReader();
    List<String> lines = new ArrayList<>();
    while (lines.stream().noneMatch(line -> line.contains("listening on"))) {
      lines.add(requireNonNull(reader.readLine(), "the process ended"));
    }
    process.toHandle().destroy();
    process.getOutputStream().close(); // nothing has to be drained
    reader.lines().forEach(lines::add);
    assertThat(lines)
        .filteredOn(line -> line.contains("http.trusted"))
        .singleElement()
        .satisfies(line -> assertThat(line).contains("WARN", "http.host is 0.0.0.0", "403"));
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aTakenPortIsOneLineAndExitCodeOne() throws Exception {
    Process first = start(Main.class, "sts-echo", "--port", "0");
    URI url = url(first, "listening on (http://127.0.0.1:\\d+)");
    Process second = start(Main.class, "sts-echo", "--port", Integer.toString(url.getPort()));
    assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
  }
}
