package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.metrics.WorkerMetrics;
import babelmux.worker.readback.OutputCheck;
import babelmux.worker.readback.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutputCheckScheduleTest {
  private static final long SECOND = 1_000_000_000L;

  private final WorkerMetrics metrics =
      new WorkerMetrics("test", Duration.ofMinutes(1), System::nanoTime);
  private final StreamEvents events =
      new StreamEvents(metrics.open("x"), new LatenessWatch(System::nanoTime), () -> {});
  private final OutputCheckSchedule schedule = new OutputCheckSchedule(Duration.ofMinutes(1));

  @AfterEach
  void close() {
    metrics.close();
  }

  private CheckedOutput output(String id) {
    return new CheckedOutput(id, "rtmp://h/live/" + id + "/out", 0, true, true, events);
  }

  private @Nullable String next(long second, String... ids) {
    List<CheckedOutput> outputs = new ArrayList<>();
    for (String id : ids) {
      outputs.add(output(id));
    }
    CheckedOutput next = schedule.next(outputs, second * SECOND);
    return next == null ? null : next.streamId();
  }

  @Test
  void anOutputIsReadAnIntervalAfterItCameAndThenOnceInEach() {
    assertThat(next(0, "a")).isNull();
    assertThat(next(59, "a")).isNull();
    assertThat(next(60, "a")).isEqualTo("a");
    schedule.checked("a", null, OutputCheck.OK, 63 * SECOND);
    assertThat(next(122, "a")).isNull();
    assertThat(next(123, "a")).isEqualTo("a");
  }

  @Test
  void theOneThatHasWaitedLongestIsNext() {
    next(0, "a");
    next(5, "a", "b");
    next(7, "a", "b", "c");
    assertThat(next(70, "c", "b", "a")).isEqualTo("a");
    schedule.checked("a", null, OutputCheck.OK, 72 * SECOND);
    assertThat(next(72, "c", "b", "a")).isEqualTo("b");
    schedule.checked("b", null, OutputCheck.OK, 74 * SECOND);
    assertThat(next(74, "c", "b", "a")).isEqualTo("c");
  }

  @Test
  void aBadOneIsReadAgainSoon() {
    next(0, "a");
    schedule.checked("a", null, OutputCheck.FROZEN, 62 * SECOND);
    assertThat(next(71, "a")).isNull();
    assertThat(next(72, "a")).isEqualTo("a");
  }

  @Test
  void aServerThatRefusesReadersIsAskedSeldom() {
    next(0, "a");
    schedule.checked("a", OutputCheck.OK, OutputCheck.UNKNOWN, 63 * SECOND);
    assertThat(next(123, "a")).isEqualTo("a");
    schedule.checked("a", OutputCheck.UNKNOWN, OutputCheck.UNKNOWN, 126 * SECOND);
    assertThat(next(3725, "a")).isNull();
    assertThat(next(3726, "a")).isEqualTo("a");
    schedule.checked("a", null, OutputCheck.UNKNOWN, 3729 * SECOND);
    assertThat(next(7328, "a")).isNull();
  }

  @Test
  void anOutputThatIsAwayBeginsAnew() {
    next(0, "a");
    assertThat(next(30)).isNull();
    assertThat(next(61, "a")).isNull();
    assertThat(next(121, "a")).isEqualTo("a");
  }

  @Test
  void aBadOneThatWasAwayIsReadAgainSoon() {
    next(0, "a");
    output("a").checked(new Reading(OutputCheck.NOTHING, null));
    assertThat(next(30)).isNull();
    assertThat(next(40, "a")).isNull();
    assertThat(next(49, "a")).isNull();
    assertThat(next(50, "a")).isEqualTo("a");
  }

  @Test
  void aFullScheduleReadsEachOnce() {
    String[] ids =
        IntStream.range(0, OutputCheckSchedule.MAX_STREAMS)
            .mapToObj(n -> "s" + n)
            .toArray(String[]::new);
    next(0, ids);
    List<String> read = new ArrayList<>();
    for (long second = 60; second < 120; second += 3) {
      String id = next(second, ids);
      if (id != null) {
        read.add(id);
        schedule.checked(id, null, OutputCheck.OK, (second + 2) * SECOND);
      }
    }
    assertThat(read).containsExactlyInAnyOrder(ids);
  }
}
