package babelmux.origin;

import static babelmux.origin.ServerUnderTest.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What hooks are told, and when they start and stop. */
@Tag("slow")
@ParameterizedClass
@MethodSource("babelmux.origin.ServerUnderTest#kinds")
@ExtendWith(ServerUnderTest.Lifecycle.class)
@Execution(ExecutionMode.CONCURRENT)
class HookConformanceTest {
  private final ServerUnderTest sut;

  HookConformanceTest(ServerUnderTest.Kind kind) {
    sut = ServerUnderTest.of(kind);
  }

  @Test
  void aHookIsAProcessWithWordsAndEnvironment() throws IOException {
    String id = ServerUnderTest.id("env");
    String source;
    try (RawRtmpClient publisher =
        RawRtmpClient.publisher(sut.main.rtmpUrl(), "live/" + id, "in?lang=es&x=a%20b&y='*~ z")) {
      publisher.send(TestMedia.headers());
      publisher.send(TestMedia.media(0, 2050));
      await().until(() -> sut.api.ready(path(id)));
      source = sut.api.path(path(id)).orElseThrow().getJsonObject("source").getString("id");
      await().until(() -> sut.hooks.runs(id, "ready").size() == 1);
    }
    await().until(() -> sut.hooks.runs(id, "notready").size() == 1);
    for (String event : new String[] {"ready", "notready"}) {
      Map<String, String> run = sut.hooks.runs(id, event).get(0);
      assertThat(run)
          .containsEntry("MTX_PATH", path(id))
          .containsEntry("MTX_QUERY", "lang%3Des%26x%3Da%2520b%26y%3D%27%2A~+z")
          .containsEntry("MTX_SOURCE_TYPE", "rtmpConn")
          .containsEntry("MTX_SOURCE_ID", source)
          .containsEntry("RTSP_PATH", path(id))
          .containsEntry("RTSP_PORT", "8554")
          .containsEntry("G1", id)
          .containsEntry("ORCHESTRATOR_URL", "http://127.0.0.1:8080")
          .containsEntry("ARG1", event)
          .containsEntry("ARG2", path(id))
          .containsEntry("ARG3", id + " two")
          .containsEntry("ARG4", "a b")
          .doesNotContainKey("ARG5");
    }
  }

  @Test
  void pathsOutsideTheExpressionHaveNoHooks() throws IOException {
    String id = ServerUnderTest.id("out");
    try (RawRtmpClient publisher =
        RawRtmpClient.publisher(sut.main.rtmpUrl(), "live/" + id, "out")) {
      publisher.send(TestMedia.headers());
      publisher.send(TestMedia.media(0, 2050));
      await().until(() -> sut.api.ready("live/" + id + "/out"));
      assertThat(sut.api.path("live/" + id + "/out").orElseThrow().getString("confName"))
          .isEqualTo("all_others");
    }
    await().until(() -> !sut.api.ready("live/" + id + "/out"));
    // A hook of a path that ends now has run when a later one has.
    String witness = ServerUnderTest.id("witness");
    sut.publisher(witness).hangUp();
    await().until(() -> sut.hooks.runs(witness, "notready").size() == 1);
    assertThat(sut.hooks.runs(id, "ready")).isEmpty();
    assertThat(sut.hooks.runs("", "ready")).isEmpty();
  }

  @Test
  void theReadyCommandGetsSigintWhenTheStreamEnds() throws IOException {
    Assumptions.assumeFalse(
        sigintIsIgnored(), "this run was started with SIGINT ignored, and shells inherit that");
    String id = ServerUnderTest.id("wait");
    try (RawRtmpClient publisher = sut.publisher(id)) {
      await().until(() -> sut.hooks.runs(id, "ready").size() == 1);
      assertThat(sut.hooks.interrupted(id)).isFalse();
      publisher.hangUp();
      await().atMost(Duration.ofSeconds(5)).until(() -> sut.hooks.interrupted(id));
      await().until(() -> sut.hooks.runs(id, "notready").size() == 1);
    }
  }

  @Test
  void withRestartTheReadyCommandRunsAgainAfterFiveSecondsUntilTheStreamEnds()
      throws IOException, InterruptedException {
    String id = ServerUnderTest.id("restart");
    try (RawRtmpClient publisher = sut.strictPublisher(id)) {
      await().until(() -> sut.hooks.runs(id, "ready").size() == 1);
      long start = System.nanoTime();
      long time = 2050;
      while (sut.hooks.runs(id, "ready").size() < 2
          && System.nanoTime() - start < Duration.ofSeconds(9).toNanos()) {
        publisher.send(TestMedia.media(time, 200));
        time += 200;
        Thread.sleep(200); // the publisher's own pace
      }
      assertThat(sut.hooks.runs(id, "ready")).hasSize(2);
      assertThat((System.nanoTime() - start) / 1_000_000).as("ms").isBetween(4500L, 8500L);
    }
    await().until(() -> sut.hooks.runs(id, "notready").size() == 1);
  }

  @Test
  void aFailedHookIsNotRetried() throws IOException {
    String id = ServerUnderTest.id("fail");
    try (RawRtmpClient publisher = sut.publisher(id)) {
      await().until(() -> sut.hooks.runs(id, "ready").size() == 1);
      await()
          .during(Duration.ofMillis(5500))
          .atMost(Duration.ofSeconds(9))
          .until(() -> sut.hooks.runs(id, "ready").size() == 1);
      assertThat(publisher.awaitClose(10)).as("nobody looks at its status").isFalse();
    }
  }

  /** Signal 2 in the kernel's list of ignored signals. */
  private static boolean sigintIsIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }
}
