package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.Web;
import babelmux.stsecho.StsEchoConfig;
import babelmux.stsecho.drill.FaultPlan;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** An STS that answers in time and says nothing is named, beside one that speaks. */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class DeadDubIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String FAULTS =
      """
      rules:
        - {stream: silent, fragment: 0..2, do: audio, mode: silent}
        - {stream: same, do: audio, mode: repeated}
      """;

  @Test
  void itIsNamedWithinFourSegmentsUntilAGoodDubComes() throws Exception {
    StsEchoConfig.Builder sts =
        StsEchoConfig.builder().voice(VoiceKind.COUNTING_ES).faults(FaultPlan.parse(FAULTS));
    try (Running running = Running.start(sts, Map.of("delay", "20s"));
        MediaTask silent = publish(running, "silent");
        MediaTask same = publish(running, "same");
        MediaTask well = publish(running, "well")) {
      JsonNode named = awaitDead(running, "silent", "silent");
      assertThat(named.path("warnings").toString()).contains("silence while the source speaks");
      assertThat(degraded(running))
          .contains("stream silent: dead dubs (silent)")
          .doesNotContain("well");
      awaitDead(running, "same", "repeated");
      assertThat(degraded(running)).contains("stream same: dead dubs (repeated)");

      Running.await("a good dub", LIMIT, () -> deadDub(running.stream("silent")).isEmpty());
      assertThat(running.stream("silent").path("warnings")).isEmpty();
      assertThat(counted(running, "silent")).isEqualTo(Map.of("silent", 3));
      assertThat(counted(running, "same")).containsOnlyKeys("repeated");
      assertThat(counted(running, "well")).isEmpty();
      assertThat(running.stream("well").path("segments").path("dubbed").asInt()).isPositive();
      assertThat(running.stream("well").path("warnings")).isEmpty();
      assertThat(silent.said() + same.said() + well.said()).isEmpty();
    }
  }

  private static JsonNode awaitDead(Running running, String id, String kind) throws Exception {
    Running.await(id + " is named", LIMIT, () -> deadDub(running.stream(id)).equals(kind));
    JsonNode named = running.stream(id);
    JsonNode segments = named.path("segments");
    Report.measured("dead dub, %s: segments when it was named".formatted(kind), segments);
    assertThat(segments.path("dubbed").asInt()).isBetween(3, 4);
    return named;
  }

  private static MediaTask publish(Running running, String id) throws Exception {
    return StreamPublisher.loop(
        Films.counting(), running.stack().inputUrl(id), 3, LIMIT.plus(LIMIT));
  }

  private static String degraded(Running running) throws InterruptedException {
    return Web.json(running.url("/health/ready")).path("degraded").toString();
  }

  /** Empty when none is named. */
  private static String deadDub(JsonNode stream) {
    return stream.path("sts").path("deadDub").asText("");
  }

  private static Map<String, Integer> counted(Running running, String id) throws Exception {
    return running.counted(id, Set.of("worker_dead_dubs_total"));
  }
}
