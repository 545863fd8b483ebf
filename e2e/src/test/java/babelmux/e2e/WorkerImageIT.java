package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.Web;
import babelmux.origin.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the worker's image, put together as the Dockerfile does. */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class WorkerImageIT {
  private static final Path BUILT = Path.of(System.getProperty("babelmux.home", ""));

  @TempDir Path folder;
  private Path home;

  @BeforeEach
  void assemble() throws Exception {
    home = folder.resolve("babelmux");
    Path script = Path.of("..", "deploy", "docker", "worker-files");
    Process process =
        new ProcessBuilder("sh", script.toString(), BUILT.toString(), home.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void nothingInItStandsInMeasuresOrIsPlayed() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      List<String> names =
          files.filter(Files::isRegularFile).map(file -> home.relativize(file).toString()).toList();
      assertThat(names)
          .contains("bin/babelmux", "lib/babelmux-app.jar", "LICENSE", "NOTICE")
          .allMatch(name -> name.matches("bin/babelmux|LICENSE|NOTICE|lib/[^/]+\\.jar"))
          .noneMatch(
              name ->
                  name.matches(
                      "lib/babelmux-(origin|sts-echo|meter|testmedia|demo|bench|faultproxy)-.*"))
          .noneMatch(name -> name.matches("lib/(netty-socketio|hipparchus|jfreechart).*"));
    }
  }

  @Test
  void theDockerfileTakesTheseFilesAndNoOthers() throws IOException {
    String file = Files.readString(Path.of("..", "deploy", "docker", "Dockerfile"));
    assertThat(file).contains("sh deploy/docker/worker-files app/target/babelmux /worker\n");
    assertThat(file.substring(file.indexOf("FROM base AS worker")))
        .containsOnlyOnce("COPY")
        .contains("COPY --from=build /worker /opt/babelmux\n");
  }

  @Test
  void serveLivesAndEnds() throws Exception {
    int port = FreePort.onLoopback();
    try (Program serve =
        Program.startIn(
            home,
            Map.of("MEDIAMTX_API_URL", "http://127.0.0.1:1"),
            "serve",
            "--port",
            Integer.toString(port))) {
      String live = "http://127.0.0.1:" + port + "/health/live";
      Running.await("the worker lives", Duration.ofSeconds(30), () -> !Web.text(live).isEmpty());
      serve.terminate();
      assertThat(serve.awaitEnd()).as(serve.said()).isZero();
      assertThat(serve.said()).doesNotContain("NoClassDefFound");
    }
  }

  /** Java says of each class where it had it from. */
  @Test
  void whatPrepareKeepsIsWhatTheNextStartTakes() throws Exception {
    Map<String, String> tells = Map.of("BABELMUX_JAVA_OPTS", "-Xlog:class+load:stdout");
    String kept = "babelmux.app.Main source: shared objects file";
    Program.Ended prepared = Program.runIn(home, "prepare");
    assertThat(prepared.code()).as(prepared.said()).isZero();
    int version = Runtime.version().feature();
    // The image has no stand-in to dub with.
    String name = version < 25 ? "babelmux-" + version + ".jsa" : "serve-" + version + ".aot";
    Path archive = home.resolve("lib").resolve(name);
    assertThat(prepared.said()).startsWith("prepare: " + archive.toRealPath()).hasLineCount(1);
    assertThat(Program.runIn(home, tells, "serve", "--version").said()).contains(kept);

    Files.setLastModifiedTime(
        home.resolve("lib/babelmux-app.jar"), FileTime.from(Instant.EPOCH.plusSeconds(1)));
    assertThat(Program.runIn(home, tells, "serve", "--version").said()).doesNotContain(kept);
    assertThat(Program.runIn(home, "serve", "--version").said())
        .startsWith("babelmux ")
        .as("not a word of the archive that does not fit")
        .hasLineCount(2);
  }

  @Test
  void prepareSaysWhyItCannot() throws Exception {
    // A folder in the place of a file of before, which cannot be taken away.
    Files.createDirectories(home.resolve("lib/serve-25.aot/kept"));
    Program.Ended ended = Program.runIn(home, "prepare");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.said()).startsWith("prepare: ").hasLineCount(1);
    assertThat(home.resolve("lib")).isDirectoryNotContaining("glob:**.{jsa,new,classes,config}");
  }

  @Test
  void theHelpNamesWhatIsThere() throws Exception {
    Program.Ended help = Program.runIn(home, "--help");
    assertThat(help.code()).as(help.said()).isZero();
    assertThat(help.said())
        .contains("serve", "dub", "relay", "doctor")
        .doesNotContain("bench", "sts-echo");
    assertThat(Program.runIn(home).said())
        .contains("which command? serve, dub, relay, doctor, support-bundle or prepare");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "sts-echo --port 0",
        "origin",
        "meter a b",
        "bench cpu --help",
        "drill a=b"
      })
  void aCommandThatIsNotThereSaysWhereItIs(String line) throws Exception {
    Program.Ended ended = Program.runIn(home, line.split(" ", -1));
    assertThat(ended.code()).as(ended.said()).isEqualTo(2);
    assertThat(ended.said())
        .startsWith("babelmux: " + line.split(" ", 2)[0] + " is not part of this installation")
        .endsWith("use the image babelmux-tools\n");
  }

  @Test
  void dubRelayAndDoctorAreThere() throws Exception {
    String film = Films.counting().toString();
    String out = folder.resolve("out.mp4").toString();
    Program.Ended standIn = Program.runIn(home, "dub", film, out, "--sts", "echo");
    assertThat(standIn.code()).isEqualTo(2);
    assertThat(standIn.said()).contains("--sts: the stand-in is not part of this installation");
    assertThat(Program.runIn(home, "dub", "--help").code()).isZero();
    Program.Ended relay = Program.runIn(home, "relay", film, "--to", "a=ftp://host/a");
    assertThat(relay.code()).isEqualTo(2);
    assertThat(relay.said()).contains("a: scheme ftp").doesNotContain("NoClassDefFound");
    Program.Ended doctor = Program.runIn(home, "doctor");
    assertThat(doctor.said()).contains("ffmpeg").doesNotContain("NoClassDefFound", "bench");
  }
}
