package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.demo.Scrape;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GarbageResultTest {
  private static final double MIB = 1 << 20;
  private static final String BEFORE =
      """
      worker_streams 1.0
      worker_streams_started_total 1.0
      worker_fallback_total{reason="timeout",stream_id="a"} 2.0
      """;

  private final GarbageTally tally = new GarbageTally();

  private static Garbage.Request request(Garbage.Kind kind) {
    return new Garbage.Request(kind, new byte[] {1});
  }

  private GarbageResult result(double grownMib, double residentSlopeMib, String after) {
    List<ProcessSample> samples =
        IntStream.rangeClosed(0, 60)
            .mapToObj(
                minute ->
                    new ProcessSample(
                        minute,
                        (long) ((200 + residentSlopeMib * minute) * MIB),
                        0,
                        0,
                        0,
                        0,
                        30,
                        50,
                        0,
                        0,
                        0,
                        0,
                        0))
            .toList();
    return new GarbageResult(
        tally, samples, 40 * MIB, (40 + grownMib) * MIB, Scrape.of(BEFORE), Scrape.of(after), 1);
  }

  private static List<String> missed(GarbageResult result) {
    return result.figures().stream().filter(figure -> !figure.met()).map(Figure::name).toList();
  }

  @Test
  void aWorkerThatRefusesEverythingMeetsEveryGoal() {
    tally.answered(request(Garbage.Kind.NESTED_JSON), 422);
    tally.answered(request(Garbage.Kind.LONG_TARGET), 414);
    tally.answered(request(Garbage.Kind.HALF_OPEN), GarbageClient.NO_ANSWER);
    tally.answered(request(Garbage.Kind.NO_HTTP), GarbageClient.HUNG_UP);
    tally.health(true, 3);
    assertThat(missed(result(1, 0.1, BEFORE))).isEmpty();
    assertThat(tally.wrong()).isEmpty();
  }

  @Test
  void whateverIsNoRefusalMissesItsGoal() {
    tally.answered(request(Garbage.Kind.NESTED_JSON), 500);
    tally.answered(request(Garbage.Kind.HOSTILE_ID), 200);
    tally.answered(request(Garbage.Kind.HUGE_JSON), GarbageClient.HUNG_UP);
    tally.answered(request(Garbage.Kind.HALF_OPEN), GarbageClient.NO_CONNECTION);
    tally.notSent();
    tally.health(false, 51);
    assertThat(missed(result(5, 0.3, BEFORE.replace("_total 1.0", "_total 2.0"))))
        .containsExactly(
            "answered with another status",
            "HTTP without an answer",
            "connections refused",
            "due and not sent",
            "health, p99",
            "health, not 200",
            "live Java objects, growth after the first third",
            "slope of resident memory after the first third",
            "streams that garbage has started");
    assertThat(tally.wrong()).hasSize(3);
  }

  @Test
  void aStreamThatSuffersMissesItsGoals() {
    tally.health(true, 3);
    assertThat(
            missed(
                result(
                    0,
                    0,
                    """
                    worker_streams 0.0
                    worker_streams_started_total 1.0
                    worker_fallback_total{reason="timeout",stream_id="a"} 3.0
                    worker_packets_dropped_total{reason="destination",stream_id="a"} 1.0
                    worker_destination_reconnections_total{destination="out",stream_id="a"} 1.0
                    """)))
        .containsExactly(
            "streams that garbage has ended",
            "segments that fell back to original audio",
            "packets that the output did not get",
            "connections of the stream made again");
  }
}
