package babelmux.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeployTest {

  @Test
  void composeFileIsCleanAndHasWhatUsersAreTold() throws Exception {
    assumeTrue(
        Deploy.program("docker-compose").isPresent(), "no docker-compose: its file was not tested");
    ProcessBuilder builder =
        new ProcessBuilder(
            "docker-compose", "-f", "docker-compose.e2e.yml", "--profile", "echo", "config");
    builder.directory(Path.of("..").toFile());
    builder.environment().remove("STS_SERVICE_URL");
    Deploy.Ended ended = Deploy.run(builder);
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output())
        .doesNotContainIgnoringCase("warning")
        .contains("bluenviron/mediamtx:1.20.1-ffmpeg")
        .contains("127.0.0.1:9997:9997")
        .contains("127.0.0.1:8889:9997")
        .contains("STS_SERVICE_URL: http://sts-echo:3000")
        .contains("condition: service_healthy")
        .contains("stop_grace_period: 45s");
  }

  static Path[] scripts() {
    return new Path[] {Deploy.HOOK, Deploy.INSTALL};
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void scriptIsPosixAndClean(Path script) throws Exception {
    assumeTrue(Deploy.program("shellcheck").isPresent(), "no shellcheck: scripts were not checked");
    Deploy.Ended ended =
        Deploy.run(new ProcessBuilder("shellcheck", "--shell=sh", script.toString()));
    assertThat(ended.output()).isEmpty();
    assertThat(ended.status()).isZero();
    assertThat(script).isExecutable();
  }
}
