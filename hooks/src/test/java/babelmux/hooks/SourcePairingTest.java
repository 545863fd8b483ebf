package babelmux.hooks;

import static babelmux.hooks.SourcePairing.Decision.ADOPT;
import static babelmux.hooks.SourcePairing.Decision.DUPLICATE;
import static babelmux.hooks.SourcePairing.Decision.IGNORE;
import static babelmux.hooks.SourcePairing.Decision.SKIP;
import static babelmux.hooks.SourcePairing.Decision.START;
import static babelmux.hooks.SourcePairing.Decision.STOP;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SourcePairingTest {

  private static final String PATH = "live/demo/in";

  private final AtomicLong now = new AtomicLong(1_000_000);
  private final SourcePairing pairing =
      new SourcePairing(Duration.ofMinutes(10), 1000, now::incrementAndGet);

  @Test
  void plainLife() {
    assertThat(pairing.ready(PATH, "a")).isEqualTo(START);
    assertThat(pairing.ready(PATH, "a")).isEqualTo(DUPLICATE);
    assertThat(pairing.current(PATH)).contains("a");
    assertThat(pairing.notReady(PATH, "a")).isEqualTo(STOP);
    assertThat(pairing.current(PATH)).isEmpty();
    assertThat(pairing.notReady(PATH, "a")).isEqualTo(IGNORE);
    assertThat(pairing.ready(PATH, "b")).isEqualTo(START);
  }

  @Test
  void replacedPublisherReadyFirst() {
    pairing.ready(PATH, "old");
    assertThat(pairing.ready(PATH, "new")).isEqualTo(ADOPT);
    assertThat(pairing.notReady(PATH, "old")).isEqualTo(IGNORE);
    assertThat(pairing.current(PATH)).contains("new");
    assertThat(pairing.notReady(PATH, "new")).isEqualTo(STOP);
  }

  @Test
  void replacedPublisherNotReadyFirst() {
    pairing.ready(PATH, "old");
    assertThat(pairing.notReady(PATH, "old")).isEqualTo(STOP);
    assertThat(pairing.ready(PATH, "new")).isEqualTo(START);
    assertThat(pairing.ready(PATH, "old")).isEqualTo(SKIP);
    assertThat(pairing.current(PATH)).contains("new");
  }

  @Test
  void readyThatItsNotReadyOvertookIsSkipped() {
    assertThat(pairing.notReady(PATH, "a")).isEqualTo(IGNORE);
    assertThat(pairing.ready(PATH, "a")).isEqualTo(SKIP);
    assertThat(pairing.current(PATH)).isEmpty();
  }

  @Test
  void lateRetryOfAReplacedSourceTakesNothingBack() {
    pairing.ready(PATH, "old");
    pairing.ready(PATH, "new");
    assertThat(pairing.ready(PATH, "old")).isEqualTo(SKIP);
    assertThat(pairing.current(PATH)).contains("new");
  }

  @Test
  void sourceAnnouncedAfterItsSuccessorDoesNotEndTheSuccessorsSession() {
    pairing.ready(PATH, "new");
    assertThat(pairing.ready(PATH, "old")).isEqualTo(ADOPT);
    assertThat(pairing.notReady(PATH, "old")).isEqualTo(ADOPT);
    assertThat(pairing.current(PATH)).contains("new");
    assertThat(pairing.notReady(PATH, "new")).isEqualTo(STOP);
  }

  @Test
  void replacedSourceThatHasLeftIsNotComeBackTo() {
    pairing.ready(PATH, "old");
    pairing.ready(PATH, "new");
    pairing.notReady(PATH, "old");
    assertThat(pairing.notReady(PATH, "new")).isEqualTo(STOP);
  }

  @Test
  void sameIdOnAnotherPathIsAnotherSource() {
    pairing.ready(PATH, "a");
    assertThat(pairing.notReady("live/other/in", "a")).isEqualTo(IGNORE);
    assertThat(pairing.ready("live/third/in", "a")).isEqualTo(START);
    assertThat(pairing.current(PATH)).contains("a");
  }

  @Test
  void listingMakesUpForLostHooks() {
    assertThat(pairing.listed(PATH, "a", now.incrementAndGet())).isEqualTo(START);
    assertThat(pairing.listed(PATH, "a", now.incrementAndGet())).isEqualTo(DUPLICATE);
    assertThat(pairing.listed(PATH, "b", now.incrementAndGet())).isEqualTo(ADOPT);
    assertThat(pairing.current(PATH)).contains("b");
  }

  @Test
  void listingOverrulesAHookThatWasWrong() {
    pairing.ready(PATH, "a");
    pairing.notReady(PATH, "a");
    assertThat(pairing.listed(PATH, "a", now.incrementAndGet())).isEqualTo(START);
  }

  @Test
  void hooksNewerThanTheListingStand() {
    pairing.ready(PATH, "a");
    long asked = now.incrementAndGet();
    pairing.notReady(PATH, "a");
    assertThat(pairing.listed(PATH, "a", asked)).isEqualTo(SKIP);
    pairing.ready(PATH, "b");
    assertThat(pairing.listed(PATH, "c", asked)).isEqualTo(IGNORE);
    assertThat(pairing.current(PATH)).contains("b");
  }

  @Test
  void dismissedSourceStaysOutHoweverLongItIsAnnounced() {
    pairing.ready(PATH, "a");
    pairing.dismiss(PATH);
    for (int i = 0; i < 100; i++) {
      now.addAndGet(Duration.ofMinutes(9).toNanos());
      assertThat(i % 2 == 0 ? pairing.ready(PATH, "a") : pairing.listed(PATH, "a", now.get()))
          .isEqualTo(SKIP);
    }
    assertThat(pairing.ready(PATH, "b")).isEqualTo(START);
  }

  @Test
  void forgottenSessionStartsAgainByTheNextHeartbeat() {
    pairing.ready(PATH, "a");
    pairing.forget(PATH);
    assertThat(pairing.ready(PATH, "a")).isEqualTo(START);
  }

  @Test
  void pulledSourceHasNoIdAndComesBack() {
    for (int i = 0; i < 3; i++) {
      assertThat(pairing.ready(PATH, "")).isEqualTo(START);
      assertThat(pairing.ready(PATH, "")).isEqualTo(DUPLICATE);
      assertThat(pairing.notReady(PATH, "")).isEqualTo(STOP);
    }
    assertThat(pairing.remembered()).isZero();
  }

  @Test
  void memoryIsBoundedInCountAndTime() {
    for (int i = 0; i < 100_000; i++) {
      pairing.notReady("live/" + i + "/in", "id" + i);
    }
    assertThat(pairing.remembered()).isEqualTo(1000);
    assertThat(pairing.ready("live/99999/in", "id99999")).isEqualTo(SKIP);
    assertThat(pairing.ready("live/0/in", "id0")).isEqualTo(START);
    now.addAndGet(Duration.ofMinutes(11).toNanos());
    assertThat(pairing.ready("live/99998/in", "id99998")).isEqualTo(START);
    assertThat(pairing.remembered()).isZero();
  }

  private record Event(boolean ready, String path, String id) {}

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  /** Whatever happens to the hooks on their way: after one listing, what runs is what publishes. */
  @ParameterizedTest
  @MethodSource("seeds")
  void afterOneListingSessionsAreTheLivePublishers(long seed) {
    Random random = new Random(seed);
    Map<String, String> live = new HashMap<>();
    List<Event> sent = history(random, live);
    Map<String, String> running = new HashMap<>();
    for (Event event : distorted(sent, random)) {
      apply(
          running,
          event.path(),
          event.ready()
              ? pairing.ready(event.path(), event.id())
              : pairing.notReady(event.path(), event.id()));
    }
    long asked = now.incrementAndGet();
    live.forEach((path, id) -> apply(running, path, pairing.listed(path, id, asked)));
    for (String path : List.copyOf(running.keySet())) {
      if (!live.containsKey(path)) {
        pairing.forget(path);
        running.remove(path);
      }
    }
    assertThat(running).isEqualTo(live);
  }

  /** Doubled and reordered, but not lost: no session of a live publisher is ever ended for good. */
  @ParameterizedTest
  @MethodSource("seeds")
  void withOnlyNeighboursSwappedNoListingIsNeeded(long seed) {
    Random random = new Random(seed);
    Map<String, String> live = new HashMap<>();
    List<Event> sent = history(random, live);
    for (int i = 0; i + 1 < sent.size(); i += 2) {
      if (random.nextBoolean()) {
        Collections.swap(sent, i, i + 1);
      }
    }
    Map<String, String> running = new HashMap<>();
    for (Event event : sent) {
      for (int i = random.nextInt(2); i >= 0; i--) {
        apply(
            running,
            event.path(),
            event.ready()
                ? pairing.ready(event.path(), event.id())
                : pairing.notReady(event.path(), event.id()));
      }
    }
    assertThat(running).isEqualTo(live);
  }

  private void apply(Map<String, String> running, String path, SourcePairing.Decision decision) {
    switch (decision) {
      case START -> assertThat(running.put(path, pairing.current(path).orElseThrow())).isNull();
      case ADOPT -> assertThat(running.put(path, pairing.current(path).orElseThrow())).isNotNull();
      case STOP -> assertThat(running.remove(path)).isNotNull();
      case DUPLICATE, SKIP, IGNORE -> {}
    }
  }

  /** Publishers that come, are replaced and leave; {@code live} is what is there at the end. */
  private static List<Event> history(Random random, Map<String, String> live) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String path = "live/p" + random.nextInt(4) + "/in";
      String old = live.get(path);
      if (old == null || random.nextInt(3) == 0) {
        live.put(path, "id" + i);
        events.add(new Event(true, path, "id" + i));
      } else {
        live.remove(path);
      }
      if (old != null) {
        events.add(new Event(false, path, old));
      }
    }
    return events;
  }

  private static List<Event> distorted(List<Event> sent, Random random) {
    List<Event> arriving = new ArrayList<>();
    for (Event event : sent) {
      if (random.nextInt(4) > 0) {
        arriving.add(event);
      }
      if (random.nextInt(4) == 0) {
        arriving.add(random.nextInt(arriving.size() + 1), event);
      }
    }
    for (int i = 0; i < 20 && !arriving.isEmpty(); i++) {
      Collections.swap(arriving, random.nextInt(arriving.size()), random.nextInt(arriving.size()));
    }
    return arriving;
  }
}
