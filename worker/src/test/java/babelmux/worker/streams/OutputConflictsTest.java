package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.hooks.ListedPath;
import babelmux.hooks.PathListing;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutputConflictsTest {
  private final OutputConflicts conflicts = new OutputConflicts();

  private static PathListing listing(String source, long bytes) {
    return new PathListing(
        List.of(new ListedPath("live/a/out", true, "rtmpConn", source, List.of("H264"), bytes)),
        true);
  }

  private static Set<OutputOutage> outage(long connection) {
    return Set.of(new OutputOutage("a", "live/a/out", connection));
  }

  @Test
  void aStreamThatWasReplacedTwiceIsGivenUpOnce() {
    assertThat(conflicts.judge(outage(0), listing("x", 100), listing("x", 200))).isEmpty();
    assertThat(conflicts.judge(outage(1), listing("x", 100), listing("x", 200))).hasSize(1);
    assertThat(conflicts.judge(outage(2), listing("x", 100), listing("x", 200))).isEmpty();
  }

  @Test
  void anOutageCountsOnce() {
    conflicts.judge(outage(0), listing("x", 100), listing("x", 200));
    assertThat(outage(0)).allMatch(conflicts::knows);
    assertThat(outage(1)).noneMatch(conflicts::knows);
    assertThat(conflicts.judge(outage(0), listing("x", 200), listing("x", 300))).isEmpty();
  }

  @Test
  void aConnectionThatTheServerStillBelievesInIsNobodyElse() {
    for (long connection = 0; connection < 5; connection++) {
      PathListing stale = listing("x", 100);
      assertThat(conflicts.judge(outage(connection), stale, stale)).isEmpty();
      assertThat(
              conflicts.judge(
                  outage(connection), new PathListing(List.of(), true), listing("x", 9)))
          .isEmpty();
      assertThat(conflicts.judge(outage(connection), listing("x", 9), listing("y", 10))).isEmpty();
    }
  }

  @Test
  void aStreamThatIsOverBeginsAtZero() {
    conflicts.judge(outage(0), listing("x", 100), listing("x", 200));
    conflicts.keep(Set.of("b"));
    assertThat(conflicts.judge(outage(1), listing("x", 100), listing("x", 200))).isEmpty();
  }
}
