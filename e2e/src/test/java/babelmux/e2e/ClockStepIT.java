package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.voice.VoiceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Fault row 10: the machine's clock is set while a stream is on air. The worker's process sees
 * another time of day by libfaketime (Debian's package faketime), where it is installed.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class ClockStepIT {
  private static final String ID = "clock-step";

  /** So long that a dub is in time on a busy machine. */
  private static final Duration DELAY = Duration.ofSeconds(12);

  private static final Duration SEGMENT_LIMIT = Duration.ofSeconds(20);

  @Test
  @Timeout(120)
  void anHourForwardAndBackChangesNothingOnAir() throws Exception {
    Optional<Path> library = library();
    Assumptions.assumeTrue(library.isPresent(), "no libfaketime");
    Path folder = Files.createDirectories(Films.folder(ClockStepIT.class));
    Path clock = Files.writeString(folder.resolve("clock"), "+0");
    Map<String, String> environment =
        Map.of(
            "LD_PRELOAD", library.orElseThrow().toString(),
            "FAKETIME_TIMESTAMP_FILE", clock.toString(),
            "FAKETIME_NO_CACHE", "1",
            // The name until 0.9.9, and since.
            "DONT_FAKE_MONOTONIC", "1",
            "FAKETIME_DONT_FAKE_MONOTONIC", "1",
            // What it does for waits on the monotonic clock of some systems lets a JVM wait for
            // ever.
            "FAKETIME_FORCE_MONOTONIC_FIX", "0");
    StsEchoConfig.Builder sts = StsEchoConfig.builder().voice(VoiceKind.TONE);
    try (Served served = Served.start(sts, environment, DELAY)) {
      Running running = served.running();
      Future<OnAir> air = OnAir.start(running, ID, Films.counting(), folder.resolve("out.flv"));
      running.awaitSegments(ID, 1, SEGMENT_LIMIT);
      assertThat(hoursAhead(served)).isZero();
      Files.writeString(clock, "+3600");
      running.awaitSegments(ID, 3, SEGMENT_LIMIT);
      assertThat(hoursAhead(served)).isEqualTo(1);
      Files.writeString(clock, "+0");
      air.get().assertUntouched(running, List.of("0", "1", "2", "3", "4"));
      assertThat(hoursAhead(served)).isZero();
    }
  }

  /**
   * By how many hours the worker's log is ahead of this process: a refused request leaves a line.
   */
  private static long hoursAhead(Served served) throws IOException, InterruptedException {
    assertThat(served.running().delete("/v1/streams/nobody")).isEqualTo(404);
    List<String> lines =
        served.serve().said().lines().filter(line -> line.contains("stream nobody: 404")).toList();
    Instant logged = Instant.parse(lines.get(lines.size() - 1).split(" ", 2)[0]);
    return Math.round(Duration.between(Instant.now(), logged).toSeconds() / 3600.0);
  }

  private static Optional<Path> library() throws IOException {
    Path libraries = Path.of("/usr/lib");
    if (!Files.isDirectory(libraries)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(libraries)) {
      return folders
          .map(folder -> folder.resolve("faketime/libfaketimeMT.so.1"))
          .filter(Files::isReadable)
          .findFirst();
    }
  }
}
