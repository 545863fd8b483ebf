package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import babelmux.stsecho.StsEchoConfig;
import babelmux.worker.config.ConfigException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("slow")
@Timeout(120)
class LocalStackFactoryTest {

  @BeforeEach
  void useTheRepository() {
    System.setProperty("babelmux.home", "..");
  }

  @AfterEach
  void restore() {
    System.clearProperty("babelmux.home");
  }

  /** Threads of the origin and of the STS stand-in. */
  private static List<String> serverThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("vert.x-eventloop") || name.startsWith("sts-echo"))
        .toList();
  }

  @Test
  void whatRunsIsClosedWhenTheWorkerCannotBeStarted() {
    List<String> before = serverThreads();
    assertThatThrownBy(
            () ->
                LocalStackFactory.start(
                    "none",
                    StsEchoConfig.builder().port(0).build(),
                    Map.of("delay", "soon"),
                    new PrintWriter(PrintWriter.nullWriter())))
        .isInstanceOf(ConfigException.class);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(serverThreads()).hasSizeLessThanOrEqualTo(before.size()));
  }
}
