package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CapacityReadingsTest {
  private static final String MEMORY = "MemTotal: 8000 kB\nMemFree: 10 kB\nMemAvailable: 2000 kB\n";

  private static HostSample sample(long nanos, String cpu, String pressure) {
    return HostSample.parse(nanos, cpu + "\ncpu0 1 2 3\ncpu1 1 2 3\n", pressure, MEMORY);
  }

  @Test
  void theMachinesUseIsTheDifferenceOfTwoSamples() {
    HostSample before =
        sample(0, "cpu  100 0 100 1000 10 0 0 5 0 0", "some avg10=1.00 total=1000000\nfull x\n");
    HostSample after =
        sample(
            1_000_000_000L,
            "cpu  150 10 130 1080 10 5 5 25 0 0",
            "some avg10=1.00 total=1400000\n");
    // 100 of 200 ticks were used, 20 were stolen.
    assertThat(after.busySince(before)).isCloseTo(0.5, within(1e-9));
    assertThat(after.stolenSince(before)).isCloseTo(0.1, within(1e-9));
    assertThat(after.waitedSince(before)).isCloseTo(0.4, within(1e-9));
    assertThat(after.cores()).isEqualTo(2);
    assertThat(after.availableBytes()).isEqualTo(2000 * 1024);
    assertThat(sample(2_000_000_000L, "cpu 1 1 1 1 1 1 1 1", "").waitedSince(before)).isNaN();
  }

  @Test
  void aTextThatIsNoneIsRefused() {
    assertThatThrownBy(() -> sample(0, "nothing", "")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void thisMachineCanBeRead() throws Exception {
    long pid = ProcessHandle.current().pid();
    HostSample before = HostSample.take();
    TaskTimes threads = TaskTimes.of(pid);
    assertThat(HostSample.take().busySince(before)).isBetween(0.0, 1.0);
    assertThat(threads.names().values()).contains("java", "VM Thread");
    assertThat(
            new TaskTimes(Map.of(7L, 30L, 8L, 200L), Map.of(7L, "a", 8L, "b"))
                .hottestSince(new TaskTimes(Map.of(8L, 190L), Map.of())))
        .isEqualTo(new TaskTimes.Hottest("a", 0.3));
    assertThat(Collecting.seconds(pid)).isBetween(0.0, 600.0);
  }

  @Test
  void collectionsOfAllCollectorsAreAddedUp() {
    String counters =
        "sun.gc.collector.0.time=1500000000\nsun.gc.collector.1.time=500000000\nsun.os.hrt.frequency=1000000000\n";
    assertThat(Collecting.parse(counters)).isCloseTo(2, within(1e-9));
    assertThat(Collecting.parse("no process")).isNaN();
  }

  @Test
  void segmentsThatWereDubbedHaveTheirTimes() throws Exception {
    JsonNode events =
        new JsonMapper()
            .readTree(
                """
                [{"at":"2026-11-23T01:00:00.000Z","event":"state","segment":null},
                 {"at":"2026-11-23T01:00:01.000Z","event":"cut","segment":0},
                 {"at":"2026-11-23T01:00:01.010Z","event":"sent","segment":0},
                 {"at":"2026-11-23T01:00:01.110Z","event":"answered","segment":0},
                 {"at":"2026-11-23T01:00:01.140Z","event":"dubbed","segment":0},
                 {"at":"2026-11-23T01:00:07.000Z","event":"cut","segment":1},
                 {"at":"2026-11-23T01:00:07.010Z","event":"sent","segment":1}]
                """);
    assertThat(SegmentTimes.of(events, Instant.parse("2026-11-23T01:00:00Z")))
        .containsExactly(new SegmentTimes(10, 100, 30));
    assertThat(SegmentTimes.of(events, Instant.parse("2026-11-23T01:00:02Z"))).isEmpty();
  }
}
