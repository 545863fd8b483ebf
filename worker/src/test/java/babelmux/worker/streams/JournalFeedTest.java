package babelmux.worker.streams;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.metrics.WorkerMetrics;
import babelmux.worker.session.DubListener;
import babelmux.worker.sts.FallbackReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalFeedTest {

  private final JournalFeed feed = new JournalFeed();
  private final List<Long> told = new ArrayList<>();

  private static StreamDebug.Event event() {
    return new StreamDebug.Event(Instant.EPOCH, "cut", null, null, null);
  }

  @Test
  void aWatcherIsToldOfEachEventWhenItIsThere() {
    Runnable watcher = () -> told.add(feed.last());
    feed.add("a", event());
    feed.watch(watcher);
    feed.watch(watcher);
    feed.add("a", event());
    feed.add("b", event());
    feed.unwatch(watcher);
    feed.add("a", event());
    assertThat(told).containsExactly(2L, 3L);
    assertThat(feed.after(1)).extracting(JournalEntry::streamId).containsExactly("a", "b", "a");
  }

  /** The thread is a stream's output thread. */
  @Test
  void aWatcherThatFailsHurtsNeitherTheStreamNorTheOthers() {
    feed.watch(
        () -> {
          throw new OutOfMemoryError("planted");
        });
    feed.watch(() -> told.add(feed.last()));
    feed.add("a", event());
    assertThat(told).containsExactly(1L);
  }

  @Test
  void twoWorkersHaveIdsOfTheirOwn() {
    feed.add("a", event());
    JournalFeed other = new JournalFeed();
    other.add("a", event());
    assertThat(other.after(feed.id(1)).reset()).contains("another worker's");
    assertThat(feed.after(feed.id(1)).reset()).isNull();
  }

  @Test
  void whatHappensToAStreamIsInItsJournalAndInTheFeed() {
    try (WorkerMetrics metrics = new WorkerMetrics("0", Duration.ofMinutes(1), System::nanoTime)) {
      StreamEvents events =
          new StreamEvents(
              metrics.open("demo"),
              new LatenessWatch(System::nanoTime),
              new DubListener() {},
              event -> feed.add("demo", event),
              () -> {});
      events.segment(7, "5a0c", 0, 6_000_000);
      events.cut(7, true);
      events.fellBack(7, FallbackReason.TIMEOUT, "no answer");
      events.onAir(false);
      assertThat(feed.after(0))
          .allMatch(entry -> entry.streamId().equals("demo"))
          .extracting(JournalEntry::event)
          .isEqualTo(events.journal().events());
      JournalEntry fellBack = feed.after(1).get(0);
      assertThat(fellBack.event().event()).isEqualTo("fell_back");
      assertThat(requireNonNull(fellBack.event().fragmentId())).isEqualTo("5a0c");
      events.ended(null);
    }
  }
}
