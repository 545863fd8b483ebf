package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Natives;
import babelmux.stsecho.StsEchoConfig;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What fifty streams take they give back. */
@Isolated("counts what the whole process holds")
class FiftySessionsIT {
  private static final int SESSIONS = 50;
  private static final Duration LIMIT = Duration.ofSeconds(15);

  @Test
  void nativeObjectsBytesAndThreadsAreBackAtTheStart() throws Exception {
    Path folder = Films.folder(FiftySessionsIT.class);
    Path film = Films.cut(Films.counting(), folder.resolve("film.mp4"), 2.5);
    ExecutorService pool = Executors.newCachedThreadPool();
    try (Running running = Running.start(StsEchoConfig.builder(), Map.of("delay", "7.5s"))) {
      // The first one loads what stays.
      running.play("first", film);
      awaitNone();
      long objects = Natives.live();
      long bytes = bytes();
      assertThat(objects).isZero();
      List<Future<JsonNode>> streams = new ArrayList<>();
      for (int n = 0; n < SESSIONS; n++) {
        String id = "session-" + n;
        streams.add(pool.submit(() -> running.play(id, film)));
      }
      int dubbed = 0;
      for (Future<JsonNode> stream : streams) {
        JsonNode status = stream.get();
        assertThat(status.path("state").asText()).as(status.toString()).isEqualTo("ENDED");
        assertThat(status.path("segments").path("cut").asInt()).as(status.toString()).isOne();
        dubbed += status.path("segments").path("dubbed").asInt();
      }
      awaitNone();
      assertThat(dubbed).as("sessions that were dubbed").isGreaterThan(25);
      Report.measured("50 sessions: native objects before, after", objects + ", " + Natives.live());
      Report.measured("50 sessions: native bytes before, after", bytes + ", " + bytes());
      assertThat(Natives.live()).isEqualTo(objects);
      assertThat(bytes()).isLessThanOrEqualTo(bytes + (64 << 10));
    } finally {
      pool.shutdownNow();
    }
  }

  /** JavaCPP counts what its garbage collected owners have not freed yet. */
  private static long bytes() {
    System.gc();
    return Pointer.totalBytes();
  }

  private static void awaitNone() {
    Running.await("the sessions' threads have ended", LIMIT, () -> ofSessions().isEmpty());
    Running.await("all native objects are closed", LIMIT, () -> Natives.live() == 0);
  }

  private static List<String> ofSessions() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.matches("(reader|release|sink)-.*"))
        .toList();
  }
}
