package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.demo.StreamStates;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.voice.VoiceKind;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Fault row 10: another process takes half of the processors, and then the worker has hardly a file
 * descriptor left, while a stream is on air. Linux only, with util-linux's {@code prlimit}.
 */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class ScarceNodeIT {
  private static final String ID = "scarce";

  /** So long that a dub is in time when all streams start at once on a busy machine. */
  private static final Duration DELAY = Duration.ofMillis(14_500);

  private static final Duration LIMIT = Duration.ofSeconds(25);
  private static final int SPARE_DESCRIPTORS = 16;
  private static final int MORE_STREAMS = 12;

  @Test
  @Timeout(120)
  void theStreamOnAirIsUntouchedAndOthersAreToldWhy() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "no prlimit");
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/taskset")), "no taskset");
    Path folder = Films.folder(ScarceNodeIT.class);
    StsEchoConfig.Builder sts = StsEchoConfig.builder().voice(VoiceKind.TONE);
    try (Served served = Served.start(sts, Map.of(), DELAY, "--sources-allow", "127.0.0.1")) {
      Running running = served.running();
      Future<OnAir> air = OnAir.start(running, ID, Films.counting(), folder.resolve("out.flv"));
      running.awaitSegments(ID, 1, LIMIT);
      takeHalfOfTheProcessors(served, () -> running.awaitSegments(ID, 2, LIMIT));
      // Its output takes a descriptor, too.
      running.awaitListed("live/" + ID + "/out", LIMIT);

      long limit = limit(served);
      setLimit(served, descriptors(served) + SPARE_DESCRIPTORS + ":" + limit);
      for (int n = 0; n < MORE_STREAMS; n++) {
        assertThat(post(running, "more-" + n)).isEqualTo(201);
      }
      Running.await("a stream says why it cannot be read", LIMIT, () -> reasons(running) > 0);
      assertThat(served.serve().isRunning()).isTrue();
      assertThat(running.stream(ID).path("state").asText()).isEqualTo("LIVE");

      setLimit(served, limit + ":" + limit);
      Running.await("all are read", LIMIT, () -> read(running) == MORE_STREAMS + 1);
      running.awaitSegments(ID, 4, LIMIT);
      for (int n = 0; n < MORE_STREAMS; n++) {
        running.drop("more-" + n);
      }
      air.get().assertUntouched(running, List.of("0", "1", "2", "3", "4"));
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  /** Of the worker alone: other tests run beside this one. */
  private static void takeHalfOfTheProcessors(Served served, Action during) throws Exception {
    String allowed = told(served, "status", "Cpus_allowed_list:");
    int processors = Runtime.getRuntime().availableProcessors();
    String pid = Long.toString(served.serve().pid());
    // The last ones of those that there are, and there may be gaps: taskset takes what is there.
    String last =
        allowed.substring(Math.max(allowed.lastIndexOf('-'), allowed.lastIndexOf(',')) + 1);
    int first = Integer.parseInt(last) - Math.max(1, processors / 2) + 1;
    allow(first + "-" + last, pid);
    try {
      during.run();
    } finally {
      allow(allowed, pid);
    }
  }

  private static void allow(String processors, String pid) {
    // It gives up at a thread that has ended since it looked.
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> run("/usr/bin/taskset", "-a", "-c", "-p", processors, pid));
  }

  /** What stands behind a name in a file of the process. */
  private static String told(Served served, String file, String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + served.serve().pid() + "/" + file)).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .findFirst()
        .orElseThrow();
  }

  private static int post(Running running, String id) throws IOException, InterruptedException {
    String source = running.stack().inputUrl(ID);
    return running.post("/v1/streams", Map.of("streamId", id, "sourceUrl", source));
  }

  private static int reasons(Running running) throws InterruptedException {
    int reasons = 0;
    for (JsonNode stream : running.streams().path("streams")) {
      reasons += stream.toString().contains("Too many open files") ? 1 : 0;
    }
    return reasons;
  }

  private static int read(Running running) throws InterruptedException {
    int read = 0;
    for (JsonNode stream : running.streams().path("streams")) {
      read += StreamStates.isReading(stream) ? 1 : 0;
    }
    return read;
  }

  private static int descriptors(Served served) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + served.serve().pid() + "/fd"))) {
      return (int) open.count();
    }
  }

  private static long limit(Served served) throws IOException {
    return Long.parseLong(told(served, "limits", "Max open files").split(" +")[0]);
  }

  private static void setLimit(Served served, String softAndHard)
      throws IOException, InterruptedException {
    run("/usr/bin/prlimit", "--pid=" + served.serve().pid(), "--nofile=" + softAndHard);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
