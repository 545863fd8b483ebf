package babelmux.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A class of its own, to run beside the other benchmarks. */
@Tag("slow")
@Timeout(300)
class BenchSoakTest {

  private final BenchRun bench = new BenchRun();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aSoakLeavesItsSamplesAndItsPicture(@TempDir Path dir) throws Exception {
    Path samples = dir.resolve("samples.csv");
    Path picture = dir.resolve("soak.png");
    JsonNode report =
        bench.run(
            "soak",
            "--streams",
            "1",
            "--minutes",
            "0.2",
            "--viewers",
            "2",
            "--mediamtx",
            "none",
            "--json",
            "--samples",
            samples.toString(),
            "--picture",
            picture.toString());
    assertThat(BenchRun.value(report, "bit rate of each")).isBetween(1.8, 2.4);
    assertThat(BenchRun.value(report, "resident at the beginning")).isBetween(50.0, 2000.0);
    assertThat(BenchRun.value(report, "native objects at the end")).isGreaterThan(500);
    assertThat(BenchRun.value(report, "sent to viewers")).isPositive();
    assertThat(BenchRun.value(report, "fallbacks without a fault")).isZero();
    assertThat(BenchRun.value(report, "segments dubbed")).isPositive();
    assertThat(Files.readAllLines(samples)).hasSizeBetween(3, 4);
    assertThat(Files.readAllBytes(picture)).startsWith(0x89, 'P', 'N', 'G');
  }
}
