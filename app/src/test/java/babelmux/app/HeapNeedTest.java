package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.config.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HeapNeedTest {
  private static final long MIB = 1 << 20;

  @Test
  void theLaunchersCeilingFitsTheDefaults() throws IOException {
    Matcher ceiling =
        Pattern.compile("-Xmx(\\d+)m")
            .matcher(Files.readString(Path.of("src/main/dist/bin/babelmux")));
    assertThat(ceiling.find()).isTrue();
    WorkerConfig defaults = WorkerConfig.defaults();
    assertThat(
            HeapNeed.warning(
                Long.parseLong(ceiling.group(1)) * MIB,
                defaults.limits().maxStreams(),
                defaults.delay().delay()))
        .isEmpty();
  }

  @Test
  void aCeilingThatIsTooLowIsToldWithTheOneThatFits() {
    Duration delay = Duration.ofMillis(14_500);
    String warning = HeapNeed.warning(256 * MIB, 300, delay).orElseThrow();
    assertThat(warning)
        .startsWith(
            "the Java heap may grow to 256 MiB; max-streams 300 at this delay needs 582 MiB")
        .endsWith("BABELMUX_JAVA_OPTS=-Xmx582m");
    assertThat(HeapNeed.warning(582 * MIB, 300, delay)).isEmpty();
  }

  @Test
  void aLongerDelayNeedsMore() {
    assertThat(HeapNeed.bytes(10, Duration.ofMinutes(10)))
        .isGreaterThan(HeapNeed.bytes(10, Duration.ofSeconds(10)) + 80 * MIB);
  }
}
