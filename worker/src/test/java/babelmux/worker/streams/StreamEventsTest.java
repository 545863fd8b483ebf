package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.metrics.WorkerMetrics;
import babelmux.worker.session.SessionFailure;
import babelmux.worker.sound.DeadDub;
import babelmux.worker.sound.DeadDubWatch;
import babelmux.worker.sts.FallbackReason;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamEventsTest {
  private final WorkerMetrics metrics =
      new WorkerMetrics("test", Duration.ofMinutes(1), System::nanoTime);
  private final StreamEvents events =
      new StreamEvents(metrics.open("x"), new LatenessWatch(System::nanoTime), () -> {});

  @AfterEach
  void close() {
    metrics.close();
  }

  private void fallBack(int segments) {
    for (int i = 0; i < segments; i++) {
      events.fellBack(i, FallbackReason.DISCONNECTED, "the STS link was not ready");
    }
  }

  private void assertShown(String metric, int value) {
    assertThat(metrics.scrape().lines()).contains(metric + "{stream_id=\"x\"} " + value + ".0");
  }

  @Test
  void itIsShownWhetherPacketsLeaveUntilTheStreamIsOver() {
    assertShown("worker_stream_live", 0);
    events.buffering();
    assertShown("worker_stream_live", 0);
    events.live();
    events.draining();
    assertShown("worker_stream_live", 1);
    events.ended(null);
    assertShown("worker_stream_live", 0);
  }

  @Test
  void aLostSourceIsShownUntilItIsFoundOrTheStreamIsOver() {
    events.sourceLost("reset");
    events.sourceLost("refused");
    assertShown("worker_source_lost", 1);
    events.sourceFound(true);
    assertShown("worker_source_lost", 0);
    events.sourceLost("reset");
    events.ended(new SessionFailure(true, "reset"));
    assertShown("worker_source_lost", 0);
  }

  @Test
  void aSessionThatDrainsHidesNotTheNextOne() {
    events.buffering();
    events.live();
    StreamEvents next =
        new StreamEvents(metrics.open("x"), new LatenessWatch(System::nanoTime), () -> {});
    next.buffering();
    next.live();
    events.ended(null);
    assertShown("worker_stream_live", 1);
    next.ended(null);
    assertShown("worker_stream_live", 0);
  }

  @Test
  void deadDubsAreNotNamedWhileViewersHearTheOriginal() {
    events.deadDubs(DeadDub.SILENT, 3);
    fallBack(DeadDubWatch.LIMIT - 1);
    events.dubbed(9);
    fallBack(DeadDubWatch.LIMIT - 1);
    assertThat(events.deadDub()).isEqualTo(DeadDub.SILENT);
    fallBack(1);
    assertThat(events.deadDub()).isNull();
    assertThat(events.warnings()).isEmpty();
    events.deadDubs(DeadDub.SILENT, 1);
    assertThat(events.deadDub()).isEqualTo(DeadDub.SILENT);
    assertThat(events.warnings()).singleElement().asString().contains("viewers hear that");
  }
}
