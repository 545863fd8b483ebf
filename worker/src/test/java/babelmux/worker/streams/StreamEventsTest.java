package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.metrics.ScrapeFormat;
import babelmux.worker.metrics.StreamMeters;
import babelmux.worker.metrics.WorkerMetrics;
import babelmux.worker.session.SessionFailure;
import babelmux.worker.sound.DeadDub;
import babelmux.worker.sound.DeadDubWatch;
import babelmux.worker.sts.FallbackReason;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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
  void aFallbackIsCountedUnderTheSegmentsName() {
    events.segment(7, "5a0cb1d3-name", 0, 6_000_000);
    events.fellBack(7, FallbackReason.TIMEOUT, "no answer");
    assertThat(metrics.scrape(ScrapeFormat.OPEN_METRICS)).contains("fragment_id=\"5a0cb1d3-name\"");
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

  @Test
  void deadDubsThatABypassKeepsOffAirAreNotSaidToBeHeard() {
    events.bypassSwitched(true, 3_000_000);
    events.deadDubs(DeadDub.SILENT, 3);
    assertThat(events.warnings())
        .singleElement()
        .asString()
        .endsWith("; viewers hear the original, by a bypass");
    events.bypassSwitched(false, 9_000_000);
    assertThat(events.warnings()).singleElement().asString().endsWith(", and viewers hear that");
    events.bypassSwitched(true, 12_000_000);
    assertThat(events.warnings())
        .singleElement()
        .asString()
        .endsWith("; viewers hear the original, by a bypass");
  }

  @Test
  void aSegmentHasOneNameInTheLogAndInTheEvents() {
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    Logger logger = (Logger) LoggerFactory.getLogger(StreamEvents.class);
    logger.addAppender(logged);
    logger.setLevel(Level.DEBUG);
    try {
      events.segment(7, "the-name", 42_000_000, 48_000_000);
      events.cut(7, true);
      StreamMeters y = metrics.open("y");
      new LinkEvents(y, y.sentAudio("es"), events.journal()).sent(7, "the-name", 3);
      events.fellBack(7, FallbackReason.TIMEOUT, "no answer when its slot was due");
      events.segmentReleased(7, 1);
    } finally {
      logger.detachAppender(logged);
      logger.setLevel(null);
    }
    assertThat(logged.list)
        .hasSize(3)
        .allSatisfy(
            line -> assertThat(line.getMDCPropertyMap()).containsEntry("segment", "the-name"));
    assertThat(logged.list)
        .extracting(ILoggingEvent::getLevel)
        .containsExactly(Level.DEBUG, Level.WARN, Level.DEBUG);
    assertThat(events.journal().events())
        .allSatisfy(event -> assertThat(event.fragmentId()).isEqualTo("the-name"))
        .extracting(StreamDebug.Event::event)
        .containsExactly("cut", "sent", "fell_back", "leaves");
    assertThat(events.journal().events().get(2).detail())
        .isEqualTo("timeout: no answer when its slot was due");
  }

  @Test
  void onlyTheLastEventsAreKept() {
    for (long i = 0; i < 2L * StreamJournal.MAX_EVENTS; i++) {
      events.segment(i, "f" + i, 0, 1);
      events.cut(i, true);
    }
    assertThat(events.journal().events())
        .hasSize(StreamJournal.MAX_EVENTS)
        .last()
        .extracting(StreamDebug.Event::fragmentId)
        .isEqualTo("f" + (2 * StreamJournal.MAX_EVENTS - 1));
    assertThat(events.journal().name(0)).isNull();
  }
}
