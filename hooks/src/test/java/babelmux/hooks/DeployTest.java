package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeployTest {

  @Test
  void composeFileIsCleanAndHasWhatUsersAreTold() throws Exception {
    assumeTrue(
        Deploy.program("docker-compose").isPresent(), "no docker-compose: its file was not tested");
    Deploy.Ended ended = config("echo");
    assertThat(ended.output())
        .contains("bluenviron/mediamtx:1.20.1-ffmpeg")
        .contains("127.0.0.1:9997:9997")
        .contains("127.0.0.1:8889:9997")
        .contains("STS_SERVICE_URL: http://sts-echo:3000")
        .contains("condition: service_healthy")
        .contains("stop_grace_period: 45s");
  }

  @Test
  void whatObservesIsOnThisMachineAloneAndLetsNobodyIn() throws Exception {
    assumeTrue(
        Deploy.program("docker-compose").isPresent(), "no docker-compose: its file was not tested");
    String all = config("observe").output();
    assertThat(all)
        .containsPattern("image: prom/prometheus:v\\d+\\.\\d+\\.\\d+\n")
        .containsPattern("image: grafana/grafana:\\d+\\.\\d+\\.\\d+\n")
        .contains("127.0.0.1:9090:9090", "127.0.0.1:3001:3000")
        .contains("GF_AUTH_ANONYMOUS_ORG_ROLE: Viewer")
        .containsPattern("GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION: [\"']true[\"']")
        .doesNotContain("GF_SECURITY_ADMIN_PASSWORD");
    // What is not there would be made a folder.
    Matcher mounted = Pattern.compile("- (/\\S+/deploy/\\S+):/\\S+:ro").matcher(all);
    int files = 0;
    while (mounted.find()) {
      assertThat(Path.of(mounted.group(1))).exists();
      files++;
    }
    assertThat(files).isEqualTo(7);
  }

  /** The compose file as it is understood, without a warning. */
  private static Deploy.Ended config(String profile) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            "docker-compose", "-f", "docker-compose.e2e.yml", "--profile", profile, "config");
    builder.directory(Path.of("..").toFile());
    builder.environment().remove("STS_SERVICE_URL");
    Deploy.Ended ended = Deploy.run(builder);
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output()).doesNotContainIgnoringCase("warning");
    return ended;
  }

  @ParameterizedTest
  @CsvSource({
    "mediamtx/hooks/mtx-hook, sh",
    "mediamtx/install.sh, sh",
    "docker/health, bash",
    "docker/worker-files, sh"
  })
  void scriptIsClean(String name, String shell) throws Exception {
    assumeTrue(Deploy.program("shellcheck").isPresent(), "no shellcheck: scripts were not checked");
    Path script = Deploy.FOLDER.resolve(name);
    Deploy.Ended ended =
        Deploy.run(new ProcessBuilder("shellcheck", "--shell=" + shell, script.toString()));
    assertThat(ended.output()).isEmpty();
    assertThat(ended.status()).isZero();
    assertThat(script).isExecutable();
  }
}
