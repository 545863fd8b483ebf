package babelmux.worker.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.config.PageConfig;
import babelmux.worker.streams.JournalFeed;
import babelmux.worker.streams.StreamState;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class EventMakerTest {

  private final Logger log = (Logger) LoggerFactory.getLogger(EventMaker.class);
  private final EventStreams streams = new EventStreams();
  private final EventMaker maker = new EventMaker(streams.parts());

  @BeforeEach
  void threeStreams() {
    // Each planted failure has its stack.
    log.setLevel(Level.OFF);
    streams.put("a", StreamState.LIVE, "a1");
    streams.put("b", StreamState.LIVE, "b1");
    streams.put("over", StreamState.ENDED, "o1");
  }

  @AfterEach
  void logAgain() {
    log.setLevel(null);
  }

  private EventMaker.Batch all() {
    return maker.make(new EventMaker.Wish(true, false, streams.journal.last(), List.of()));
  }

  private EventMaker.Batch since(long number) {
    return maker.make(new EventMaker.Wish(false, false, number, List.of()));
  }

  private EventMaker.Batch comer(Optional<String> lastId) {
    return maker.make(new EventMaker.Wish(false, false, streams.journal.last(), List.of(lastId)));
  }

  private static String text(byte @Nullable [] text) {
    return new String(requireNonNull(text), UTF_8);
  }

  @Test
  void aStreamIsShownAsTheApiShowsIt() {
    byte[] text = all().streams().get("a");
    assertThat(text(text))
        .isEqualTo("event: stream\ndata: " + Json.of(streams.get("a").orElseThrow()) + "\n\n");
  }

  @Test
  void wordsAreSentOnlyWhereTheyAreShown() {
    assertThat(text(all().streams().get("a"))).contains("good\\nevening").contains("buenas");
    EventMaker silent = new EventMaker(streams.parts(new PageConfig(null, false)));
    EventMaker.Wish wish = new EventMaker.Wish(true, false, 0, List.of());
    assertThat(text(silent.make(wish).streams().get("a")))
        .contains("\"transcript\":null,\"translation\":null")
        .doesNotContain("evening", "buenas");
    assertThat(silent.make(wish).streams()).containsOnlyKeys("a", "b");
  }

  @Test
  void whatIsOverIsMadeAgainWhenItChanges() {
    assertThat(all().streams()).containsOnlyKeys("a", "b", "over");
    assertThat(all().streams()).containsOnlyKeys("a", "b");
    streams.put("over", StreamState.ENDED, "o2");
    assertThat(all().streams()).containsOnlyKeys("a", "b", "over");
    assertThat(comer(Optional.empty()).all()).containsOnlyKeys("a", "b", "over");
  }

  @Test
  void aJournalEventHasItsStreamMadeAndNoOther() {
    all();
    streams.happened("b", "on_air");
    EventMaker.Batch batch = since(0);
    assertThat(batch.streams()).containsOnlyKeys("b");
    assertThat(batch.journal()).hasSize(1);
    assertThat(text(batch.journal().get(0).text()))
        .isEqualTo(
            "event: journal\nid: %s\ndata: ".formatted(streams.journal.id(1))
                + "{\"streamId\":\"b\",\"at\":\"1970-01-01T00:00:00Z\",\"event\":\"on_air\","
                + "\"segment\":null,\"fragmentId\":null,\"detail\":\"as \\\"planted\\\"\\n\"}\n\n");
    assertThat(batch.upTo()).isEqualTo(1);
    assertThat(since(1).streams()).isEmpty();
  }

  @Test
  void aStreamThatIsListedNoLongerIsGoneOnce() {
    all();
    streams.all.remove("a");
    assertThat(text(all().gone().get("a")))
        .isEqualTo("event: gone\ndata: {\"streamId\":\"a\"}\n\n");
    assertThat(all().gone()).isEmpty();
    assertThat(comer(Optional.empty()).all()).containsOnlyKeys("b", "over");
  }

  @Test
  void oneStreamThatFailsKeepsNothingBackOfTheOthers() {
    streams.all.put(
        "a",
        () -> {
          throw new StackOverflowError("planted");
        });
    EventMaker.Batch batch = comer(Optional.empty());
    assertThat(batch.all()).containsOnlyKeys("b", "over");
    assertThat(batch.worker()).isPresent();
    streams.put("a", StreamState.LIVE, "a2");
    assertThat(text(all().streams().get("a"))).contains("a2");
    streams.all.put(
        "a",
        () -> {
          throw new IllegalStateException("planted");
        });
    batch = all();
    assertThat(batch.gone()).as("it is still listed").isEmpty();
    assertThat(batch.streams()).containsOnlyKeys("b");
    streams.happened("a", "cut");
    assertThat(since(0).journal()).hasSize(1);
  }

  @Test
  void theWorkerIsWhatReadyAndItsLoadSay() {
    streams.readiness =
        new Readiness(List.of("draining"), List.of(new Readiness.Degraded("sts", "refused")));
    assertThat(text(comer(Optional.empty()).worker().orElseThrow()))
        .startsWith(
            "event: worker\ndata: {\"version\":\"1.2.3\",\"ready\":false,\"degraded\":"
                + "[{\"component\":\"sts\",\"reason\":\"refused\"}],\"residentBytes\":1000,"
                + "\"memoryLimitBytes\":2000,\"cpu\":null,\"cores\":")
        .contains(",\"uptimeSeconds\":")
        .endsWith(",\"streams\":3,\"maxStreams\":100,\"draining\":true}\n\n");
    assertThat(all().worker()).isEmpty();
  }

  @Test
  void whoComesGetsWhatItMissedOrAReset() {
    streams.happened("a", "cut");
    streams.happened("b", "cut");
    streams.happened("a", "sent");
    EventMaker.Missed missed = comer(Optional.of(streams.journal.id(1))).missed().get(0);
    assertThat(missed.reset()).isEmpty();
    assertThat(missed.entries()).extracting(JournalText::number).containsExactly(2L, 3L);
    missed = comer(Optional.of("nonsense")).missed().get(0);
    assertThat(text(missed.reset().orElseThrow()))
        .isEqualTo(
            "event: reset\ndata: {\"reason\":\"the id of the last event is not one of this"
                + " worker's\"}\n\n");
    assertThat(missed.entries()).extracting(JournalText::number).containsExactly(1L, 2L, 3L);
    missed = comer(Optional.empty()).missed().get(0);
    assertThat(missed.reset()).isEmpty();
    assertThat(missed.entries()).isEmpty();
  }

  @Test
  void moreThanTheRingHoldsAtOnceIsAReset() {
    for (int i = 0; i < JournalFeed.KEPT + 3; i++) {
      streams.happened("a", "cut");
    }
    EventMaker.Batch batch = since(0);
    assertThat(text(batch.reset().orElseThrow())).contains("3 events are gone");
    assertThat(batch.journal()).hasSize(JournalFeed.KEPT);
    assertThat(batch.journal()).extracting(JournalText::number).doesNotHaveDuplicates();
    assertThat(since(3).reset()).isEmpty();
  }
}
