package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import babelmux.hooks.Direction;
import babelmux.hooks.HookVerdict;
import babelmux.hooks.Reconciliation;
import babelmux.hooks.SourceEvent;
import babelmux.worker.metrics.FailureReason;
import babelmux.worker.metrics.RefusalReason;
import babelmux.worker.sources.InvalidSource;
import babelmux.worker.sources.SourceUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StreamRegistryTest {
  private final List<FakeStream> started = new ArrayList<>();
  private final List<RefusalReason> refused = new ArrayList<>();
  private final List<FailureReason> failures = new ArrayList<>();
  private final List<PostedEnd> ends = new ArrayList<>();
  private int evictions;
  private int told;

  /** Streams that start from now on read no packet. */
  private boolean fakes;

  /** Streams that start from now on are not over as soon as they have failed. */
  private boolean slowEnds;

  /** What is lacking for a stream beside as many as {@link #fits}; null for nothing. */
  private @Nullable RefusalReason shortage;

  private int fits;
  private boolean noThreads;
  private List<Capacity.Running> weighed = List.of();

  private final StreamRegistry registry =
      new StreamRegistry(
          (source, posted, outputFree, whenOver) -> {
            if (noThreads) {
              throw new OutOfMemoryError("unable to create native thread");
            }
            FakeStream stream = new FakeStream(source, outputFree, whenOver);
            stream.hasRead = !fakes;
            stream.endsSlowly = slowEnds;
            started.add(stream);
            return stream;
          },
          2,
          streams -> {
            weighed = streams;
            return shortage == null || streams.size() < fits
                ? Optional.empty()
                : Optional.of(new Shortage(shortage, "too little of it"));
          },
          Duration.ofMinutes(15),
          refused::add,
          () -> evictions++,
          failures::add);

  private static SourceEvent event(String stream, String source) {
    return new SourceEvent(
        "live/" + stream + "/in", stream, Direction.IN, "rtmpConn", source, "", "test");
  }

  private FakeStream only() {
    assertThat(started).hasSize(1);
    return started.get(0);
  }

  @Test
  void oneSourceIsOneStreamHoweverOftenItsHookComes() {
    for (int i = 0; i < 3; i++) {
      assertThat(registry.ready(event("a", "1"))).isInstanceOf(HookVerdict.Started.class);
    }
    assertThat(only().told).isEmpty();
    assertThat(registry.size()).isEqualTo(1);
  }

  private static final BypassRequest BYPASS = new BypassRequest(true, null);

  private AirVerdict.Reason refusal(AirVerdict verdict) {
    return ((AirVerdict.Refused) verdict).reason();
  }

  @Test
  void whatIsAskedForAboutTheAirReachesTheStreamOrSaysWhyNot() {
    assertThat(refusal(registry.bypass("a", BYPASS))).isEqualTo(AirVerdict.Reason.NO_STREAM);
    assertThat(refusal(registry.veto("a", 3))).isEqualTo(AirVerdict.Reason.NO_STREAM);
    registry.ready(event("a", "1"));
    assertThat(registry.bypass("a", BYPASS)).isInstanceOf(AirVerdict.Switched.class);
    assertThat(registry.veto("a", 3)).isEqualTo(new AirVerdict.Vetoed(3));
    assertThat(only().told).containsExactly("bypass true", "veto 3");
    only().end();
    assertThat(refusal(registry.bypass("a", BYPASS))).isEqualTo(AirVerdict.Reason.OVER);
    assertThat(refusal(registry.veto("a", 3))).isEqualTo(AirVerdict.Reason.OVER);
  }

  @Test
  void whatWasTakenOffAirStaysOffAirInTheNextSession() {
    registry.ready(event("a", "1"));
    registry.bypass("a", BYPASS);
    registry.notReady(event("a", "1"));
    only().end();
    registry.ready(event("a", "2"));
    assertThat(started.get(1).told).as("after the end").containsExactly("bypass true");
    registry.end("a", false);
    registry.ready(event("a", "3"));
    assertThat(started.get(2).told).as("while the old one leaves").containsExactly("bypass true");
    started.get(1).end();
    registry.bypass("a", new BypassRequest(false, null));
    started.get(2).end();
    registry.ready(event("a", "4"));
    assertThat(started.get(3).told).as("taken back").isEmpty();
    registry.bypass("a", BYPASS);
    registry.ready(event("b", "1"));
    assertThat(started.get(4).told).as("another stream").isEmpty();
  }

  @Test
  void aBypassAtOnceIsForTheLastPacketsOfTheSessionBefore() {
    registry.ready(event("a", "1"));
    registry.end("a", false);
    registry.ready(event("a", "2"));
    registry.bypass("a", BYPASS);
    registry.bypass("a", new BypassRequest(false, 5000L));
    assertThat(started.get(0).told).containsExactly("drain", "bypass true");
    assertThat(started.get(1).told).containsExactly("bypass true", "bypass false at 5000");
  }

  @Test
  void aSourceThatTakesThePathOverIsTakenOverByTheSession() {
    registry.ready(event("a", "1"));
    registry.ready(event("a", "2"));
    registry.notReady(event("a", "1"));
    assertThat(only().told).containsExactly("source is 2");
  }

  @Test
  void aSourceThatWasLostIsTriedAtOnceWhenItsHookComesAgain() {
    registry.ready(event("a", "1"));
    only().sourceLost = true;
    registry.ready(event("a", "1"));
    assertThat(only().told).containsExactly("source is 1");
  }

  @Test
  void aSourceThatLeavesIsLeftToTheSessionsGrace() {
    registry.ready(event("a", "1"));
    assertThat(registry.notReady(event("a", "1"))).isInstanceOf(HookVerdict.Stopped.class);
    assertThat(only().told).containsExactly("source gone");
    assertThat(registry.size()).isEqualTo(1);
  }

  @Test
  void aReadyThatItsNotReadyOvertookStartsNothing() {
    registry.notReady(event("a", "1"));
    assertThat(registry.ready(event("a", "1"))).isInstanceOf(HookVerdict.Skipped.class);
    assertThat(started).isEmpty();
  }

  @Test
  void aSourceThatComesWhileTheLastOneLeavesIsReadAtOnceAndWaitsForTheOutput() {
    registry.ready(event("a", "1"));
    registry.end("a", false);
    assertThat(registry.ready(event("a", "2"))).isInstanceOf(HookVerdict.Started.class);
    assertThat(started).hasSize(2);
    FakeStream next = started.get(1);
    assertThat(next.source().sourceId()).isEqualTo("2");
    assertThat(next.outputFree).isNotDone();
    assertThat(registry.list()).hasSize(2);
    assertThat(registry.get("a").orElseThrow().source().id()).isEqualTo("2");
    started.get(0).end();
    assertThat(next.outputFree).isDone();
    assertThat(registry.size()).isEqualTo(1);
    assertThat(registry.get("a").orElseThrow().state()).isEqualTo(StreamState.LIVE);
    registry.ready(event("a", "2"));
    assertThat(started).hasSize(2);
    assertThat(next.told).isEmpty();
  }

  @Test
  void aReaderAtItsEndThatDoesNotSaySoYetLeavesTheSourceToTheNextSession() {
    registry.ready(event("a", "1"));
    only().sourceLost = true;
    only().readsNoMore = true;
    registry.ready(event("a", "2"));
    assertThat(started).hasSize(2);
    assertThat(started.get(1).source().sourceId()).isEqualTo("2");
  }

  @Test
  void anIdHasTwoSessionsAndNoMore() {
    registry.ready(event("a", "1"));
    registry.end("a", false);
    registry.ready(event("a", "2"));
    registry.end("a", false);
    assertThat(registry.ready(event("a", "3"))).isInstanceOf(HookVerdict.Started.class);
    assertThat(started).hasSize(2);
    started.get(0).end();
    assertThat(started).hasSize(3);
    assertThat(started.get(2).source().sourceId()).isEqualTo("3");
    assertThat(started.get(2).outputFree).isNotDone();
    started.get(1).end();
    assertThat(started.get(2).outputFree).isDone();
    assertThat(registry.size()).isEqualTo(1);
  }

  @Test
  void aSessionThatCannotBeMadeTakesNoPlace() {
    registry.ready(event("a", "1"));
    registry.end("a", false);
    noThreads = true;
    assertThatThrownBy(() -> registry.ready(event("a", "2"))).isInstanceOf(OutOfMemoryError.class);
    noThreads = false;
    started.get(0).end();
    assertThat(registry.size()).isZero();
    assertThat(registry.ready(event("a", "2"))).isInstanceOf(HookVerdict.Started.class);
    assertThat(started).hasSize(2);
    assertThat(started.get(1).outputFree).isDone();
  }

  @Test
  void atTheLimitASourceThatComesWhileTheLastOneLeavesGetsASessionAfterIt() {
    registry.ready(event("b", "0"));
    registry.ready(event("a", "1"));
    registry.end("a", false);
    assertThat(registry.ready(event("a", "2"))).isInstanceOf(HookVerdict.Started.class);
    assertThat(started).hasSize(2);
    started.get(1).end();
    assertThat(started).hasSize(3);
    assertThat(started.get(2).source().sourceId()).isEqualTo("2");
    assertThat(started.get(2).told).isEmpty();
  }

  @Test
  void aSourceThatLeftWhileItWaitedGetsNone() {
    registry.ready(event("b", "0"));
    registry.ready(event("a", "1"));
    registry.end("a", false);
    registry.ready(event("a", "2"));
    registry.notReady(event("a", "2"));
    started.get(1).end();
    assertThat(started).hasSize(2);
    assertThat(registry.size()).isEqualTo(1);
  }

  @Test
  void aSessionThatFailsBesideTheOneBeforeItLeavesTheOutputToThatOne() {
    registry.ready(event("a", "1"));
    registry.end("a", false);
    registry.ready(event("a", "2"));
    started.get(1).end();
    registry.ready(event("a", "3"));
    assertThat(started).hasSize(3);
    assertThat(started.get(2).outputFree).isNotDone();
    started.get(0).end();
    assertThat(started.get(2).outputFree).isDone();
  }

  @Test
  void drainingEndsBothSessionsOfAnId() throws InterruptedException {
    registry.ready(event("a", "1"));
    registry.end("a", false);
    registry.ready(event("a", "2"));
    registry.drain(Duration.ZERO);
    assertThat(started).allSatisfy(stream -> assertThat(stream.told).contains("stop"));
    assertThat(registry.size()).isZero();
  }

  @Test
  void aListedSourceIsReadWhileTheSessionThatLostItLeaves() {
    registry.ready(event("a", "1"));
    only().leaving = true;
    assertThat(registry.forReconciliation(System.nanoTime()))
        .allSatisfy(session -> assertThat(session.sourceId()).isNull());
    registry.reconcile(
        new Reconciliation(
            List.of(new Reconciliation.Candidate("live/a/in", "a", "rtmpConn", "1")),
            List.of(),
            Set.of()),
        System.nanoTime());
    assertThat(started).hasSize(2);
  }

  @Test
  void aListedSourceThatWasLostIsTriedAtOnce() {
    registry.ready(event("a", "1"));
    registry.ready(event("b", "2"));
    started.get(0).sourceLost = true;
    registry.reconcile(
        new Reconciliation(List.of(), List.of(), Set.of("live/a/in", "live/b/in")), 0);
    assertThat(started.get(0).told).containsExactly("source available");
    assertThat(started.get(1).told).isEmpty();
  }

  @Test
  void aHookTellsItsStreamAndTheApiAllThatTheServerAnswers() {
    registry.ready(event("a", "1"));
    registry.ready(event("b", "2"));
    registry.ready(event("a", "3"));
    assertThat(started.get(0).timesServerAnswered).isEqualTo(1);
    assertThat(started.get(1).timesServerAnswered).isZero();
    registry.serverAnswers();
    assertThat(started.get(0).timesServerAnswered).isEqualTo(2);
    assertThat(started.get(1).timesServerAnswered).isEqualTo(1);
  }

  @Test
  void aSecondPathOfAnIdIsRefusedAndHurtsNobody() {
    registry.ready(event("a", "1"));
    SourceEvent other = new SourceEvent("tv/a/in", "a", Direction.IN, "rtmpConn", "2", "", "test");
    assertThat(registry.ready(other))
        .isInstanceOfSatisfying(
            HookVerdict.Refused.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo("id_in_use");
              assertThat(refusal.message()).contains("live/a/in");
            });
    registry.notReady(other);
    assertThat(only().told).isEmpty();
    assertThat(refused).containsExactly(RefusalReason.ID_IN_USE);
    only().end();
    assertThat(registry.ready(event("a", "3"))).isInstanceOf(HookVerdict.Started.class);
  }

  @Test
  void aStreamThatAnOperatorEndedDoesNotComeBackByItsOldSource() {
    registry.ready(event("a", "1"));
    assertThat(registry.end("a", false)).isTrue();
    assertThat(registry.end("b", false)).isFalse();
    only().end();
    assertThat(registry.ready(event("a", "1"))).isInstanceOf(HookVerdict.Skipped.class);
    assertThat(registry.ready(event("a", "2"))).isInstanceOf(HookVerdict.Started.class);
  }

  @Test
  void aStreamThatIsGivenUpToAnotherWorkerDoesNotComeBackByItsOldSource() {
    registry.ready(event("a", "1"));
    OutputOutage outage = new OutputOutage("a", "live/a/out", 1);
    only().outage = outage;
    assertThat(registry.outages()).containsExactly(outage);
    registry.giveUp(outage);
    assertThat(only().told)
        .containsExactly(
            "another worker publishes to live/a/out: expected one worker per MediaMTX");
    assertThat(registry.outages()).isEmpty();
    assertThat(failures).containsExactly(FailureReason.ANOTHER_WORKER);
    assertThat(registry.ready(event("a", "1"))).isInstanceOf(HookVerdict.Skipped.class);
    assertThat(registry.ready(event("a", "2"))).isInstanceOf(HookVerdict.Started.class);
  }

  @Test
  void streamsThatFailAreCountedByWhomToBlame() {
    for (Blame blame : List.of(Blame.SOURCE, Blame.OURS)) {
      registry.ready(event("a", blame.label()));
      started.get(started.size() - 1).end(blame);
    }
    registry.ready(event("a", "well"));
    started.get(started.size() - 1).end();
    assertThat(failures).containsExactly(FailureReason.SOURCE, FailureReason.OURS);
  }

  @Test
  void moreThanTheLimitAreRefusedAndHurtNobody() {
    registry.ready(event("a", "1"));
    registry.ready(event("b", "2"));
    assertThat(registry.ready(event("c", "3")))
        .isInstanceOfSatisfying(
            HookVerdict.Refused.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo("at_capacity");
              assertThat(refusal.reason()).isEqualTo("full");
              assertThat(refusal.retryAfterSeconds()).isPositive();
            });
    assertThat(refused).containsExactly(RefusalReason.FULL);
    assertThat(registry.saturation()).hasValue("full: this worker runs its limit of 2 streams");
    assertThat(registry.refusals()).isEmpty();
    assertThat(started).allSatisfy(stream -> assertThat(stream.told).isEmpty());
    started.get(0).end();
    assertThat(registry.saturation()).isEmpty();
    assertThat(registry.ready(event("c", "3"))).isInstanceOf(HookVerdict.Started.class);
  }

  @ParameterizedTest
  @EnumSource(names = {"MEMORY", "CPU"})
  void aStreamThatDoesNotFitIsRefusedHurtsNobodyAndIsTakenWhenItFits(RefusalReason lacking) {
    registry.ready(event("a", "1"));
    shortage = lacking;
    fits = 1;
    String word = lacking.label();
    assertThat(registry.ready(event("b", "2")))
        .isEqualTo(new HookVerdict.Refused(word, word, "too little of it", 5));
    assertThat(refused).containsExactly(lacking);
    assertThat(weighed).hasSize(1);
    assertThat(registry.saturation()).hasValue(word + ": too little of it");
    assertThat(registry.refusals()).isEmpty();
    assertThat(only().told).isEmpty();
    // The heartbeat of the one that runs is no new stream.
    assertThat(registry.ready(event("a", "1"))).isInstanceOf(HookVerdict.Started.class);
    shortage = null;
    list("b");
    assertThat(started).hasSize(2);
  }

  @Test
  void aReturningSourceIsReadWhenThereIsNoMemoryForAFurtherStream() {
    registry.ready(event("a", "1"));
    registry.end("a", false);
    shortage = RefusalReason.MEMORY;
    assertThat(registry.ready(event("a", "2"))).isInstanceOf(HookVerdict.Started.class);
    assertThat(started).hasSize(2);
  }

  @Test
  void aStreamThatReadNothingGivesItsMemoryToANewOneButNoCpu() {
    fakes = true;
    registry.ready(event("fake", "1"));
    fakes = false;
    fits = 1;
    shortage = RefusalReason.CPU;
    assertThat(registry.ready(event("a", "2"))).isInstanceOf(HookVerdict.Refused.class);
    assertThat(only().told).isEmpty();
    shortage = RefusalReason.MEMORY;
    assertThat(registry.saturation()).isEmpty();
    assertThat(registry.ready(event("a", "2"))).isInstanceOf(HookVerdict.Started.class);
    assertThat(started.get(0).told)
        .containsExactly("evicted for stream a: no packet was read, and too little of it");
    assertThat(evictions).isEqualTo(1);
  }

  @Test
  void nobodyIsEvictedInVain() {
    fakes = true;
    registry.ready(event("fake", "1"));
    registry.ready(event("fake2", "1"));
    shortage = RefusalReason.MEMORY;
    for (String id : List.of("a", "b")) {
      assertThat(registry.ready(event(id, "2")))
          .isInstanceOfSatisfying(
              HookVerdict.Refused.class,
              refusal -> assertThat(refusal.reason()).isEqualTo("memory"));
    }
    assertThat(started).allSatisfy(stream -> assertThat(stream.told).isEmpty());
    assertThat(evictions).isZero();
  }

  private void list(String... streams) {
    List<Reconciliation.Candidate> candidates = new ArrayList<>();
    Set<String> paths = new HashSet<>();
    for (String stream : streams) {
      String path = "live/" + stream + "/in";
      paths.add(path);
      candidates.add(new Reconciliation.Candidate(path, stream, "rtmpConn", stream));
    }
    registry.reconcile(new Reconciliation(candidates, List.of(), paths), System.nanoTime());
  }

  /** Hooks for that many paths that nobody publishes, each another one. */
  private void sendHooks(int hooks) {
    fakes = true;
    for (int i = 0; i < hooks; i++) {
      String fake = "fake" + told++;
      registry.ready(event(fake, fake));
    }
    fakes = false;
  }

  @Test
  void aStreamThatReadNothingGivesItsPlaceToANewOne() {
    sendHooks(2);
    assertThat(registry.refusals()).isEmpty();
    assertThat(registry.ready(event("a", "1"))).isInstanceOf(HookVerdict.Started.class);
    assertThat(started).hasSize(3);
    assertThat(started.get(0).told)
        .containsExactly(
            "evicted for stream a: no packet was read, and this worker runs its limit of 2"
                + " streams");
    assertThat(started.get(1).told).isEmpty();
    assertThat(evictions).isEqualTo(1);
    assertThat(refused).isEmpty();
    assertThat(registry.size()).isEqualTo(2);
    assertThat(registry.get("fake0")).isPresent();
    assertThat(registry.takeSourcesMissed()).isTrue();
    assertThat(registry.takeSourcesMissed()).isFalse();
  }

  @Test
  void aStreamThatReadIsNeverEvicted() {
    registry.ready(event("a", "1"));
    registry.ready(event("b", "2"));
    sendHooks(100);
    assertThat(started).hasSize(2);
    assertThat(refused).hasSize(100);
    assertThat(evictions).isZero();
    assertThat(registry.saturation())
        .hasValueSatisfying(text -> assertThat(text).startsWith("full:"));
  }

  @Test
  void aListedStreamThatIsSlowToOpenIsNotEvictedByHooks() {
    sendHooks(2);
    fakes = true;
    list("a");
    assertThat(started.get(2).source().streamId()).isEqualTo("a");
    sendHooks(100);
    list("a");
    sendHooks(100);
    assertThat(started.get(2).told).isEmpty();
    assertThat(registry.get("a").orElseThrow().state()).isEqualTo(StreamState.LIVE);
    // Nobody publishes it any more, and it has still not read.
    list();
    sendHooks(100);
    assertThat(started.get(2).told).hasSize(1);
  }

  @Test
  void anEvictedStreamIsTakenUpAgainByItsNextHookAndByTheListing() {
    fakes = true;
    registry.ready(event("a", "a"));
    sendHooks(2);
    assertThat(only("a")).allSatisfy(stream -> assertThat(stream.told).hasSize(1));
    assertThat(registry.ready(event("a", "a"))).isInstanceOf(HookVerdict.Started.class);
    assertThat(only("a")).hasSize(2);
    only("a").get(1).hasRead = false;
    sendHooks(2);
    list("a");
    assertThat(only("a")).hasSize(3);
    assertThat(only("a").get(2).told).isEmpty();
  }

  private List<FakeStream> only(String id) {
    return started.stream().filter(stream -> stream.source().streamId().equals(id)).toList();
  }

  @Test
  void anEvictedStreamThatIsStillEndingIsTakenUpAgainWhenItIsOver() {
    fakes = true;
    slowEnds = true;
    registry.ready(event("a", "a"));
    sendHooks(2);
    list("a");
    assertThat(only("a")).hasSize(1);
    only("a").get(0).end();
    assertThat(only("a")).hasSize(2);
    assertThat(only("a").get(1).outputFree).isDone();
    assertThat(registry.size()).isEqualTo(2);
  }

  @Test
  void thereAreNoMoreThanTheLimitAndThoseThatAreEnding() {
    slowEnds = true;
    sendHooks(100);
    assertThat(started).hasSize(2 + Admission.MAX_ENDING);
    assertThat(evictions).isEqualTo(Admission.MAX_ENDING);
    assertThat(refused).hasSize(100 - 2 - Admission.MAX_ENDING).containsOnly(RefusalReason.FULL);
    assertThat(registry.size()).isEqualTo(2);
    // A source that is known to be there is taken even then.
    list("a");
    assertThat(only("a")).hasSize(1);
    List.copyOf(started).forEach(FakeStream::end);
    assertThat(registry.size()).isZero();
  }

  @Test
  void aNotReadyOfAnEvictedStreamChangesNothing() {
    sendHooks(3);
    registry.notReady(event("fake0", "fake0"));
    assertThat(registry.ready(event("fake0", "fake0"))).isInstanceOf(HookVerdict.Skipped.class);
    assertThat(registry.size()).isEqualTo(2);
    assertThat(evictions).isEqualTo(1);
  }

  @Test
  void whatHasEndedIsStillShown() {
    registry.ready(event("a", "1"));
    only().end();
    assertThat(registry.size()).isZero();
    assertThat(registry.get("a")).isPresent();
    assertThat(registry.list()).extracting(StreamStatus::streamId).containsExactly("a");
  }

  @Test
  void reconcilingStartsWhatNoHookToldAndEndsWhatIsNotListed() {
    registry.ready(event("a", "1"));
    registry.reconcile(
        new Reconciliation(
            List.of(new Reconciliation.Candidate("live/b/in", "b", "srtConn", "2")),
            List.of("live/a/in"),
            Set.of("live/b/in")),
        System.nanoTime());
    assertThat(started).hasSize(2);
    assertThat(started.get(0).told).containsExactly("source gone");
    assertThat(started.get(1).source().sourceType()).isEqualTo("srtConn");
  }

  @Test
  void drainingAcceptsNothingAndStopsWhatDoesNotLeave() throws InterruptedException {
    registry.ready(event("a", "1"));
    assertThat(registry.drain(Duration.ZERO)).isFalse();
    assertThat(only().told).containsExactly("drain", "stop");
    assertThat(registry.size()).isZero();
    assertThat(registry.ready(event("b", "2")))
        .isInstanceOfSatisfying(
            HookVerdict.Refused.class, refusal -> assertThat(refusal.code()).isEqualTo("draining"));
    assertThat(refused).containsExactly(RefusalReason.DRAINING);
  }

  static List<List<Integer>> orders() {
    List<List<Integer>> orders = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      List<Integer> order = new ArrayList<>(IntStream.range(0, 6).boxed().toList());
      Collections.shuffle(order, random);
      orders.add(order);
    }
    return orders;
  }

  /**
   * Three publishers follow each other on one path; MediaMTX's hooks come in any order, and the
   * last publisher's ready is repeated, as a heartbeat does.
   */
  @ParameterizedTest
  @MethodSource("orders")
  void inAnyOrderThereIsOneStreamAndTheLastSourceIsNotStopped(List<Integer> order) {
    List<Runnable> hooks =
        List.of(
            () -> registry.ready(event("a", "1")),
            () -> registry.notReady(event("a", "1")),
            () -> registry.ready(event("a", "2")),
            () -> registry.notReady(event("a", "2")),
            () -> registry.ready(event("a", "3")),
            () -> registry.ready(event("a", "3")));
    order.forEach(i -> hooks.get(i).run());
    registry.ready(event("a", "3"));
    assertThat(registry.size()).isEqualTo(1);
    assertThat(started).hasSize(1);
    List<String> told = only().told;
    int last = Math.max(told.lastIndexOf("source is 3"), told.lastIndexOf("source available"));
    assertThat(told.lastIndexOf("source gone")).as("%s", told).isLessThanOrEqualTo(last);
  }

  private StartVerdict post(String id) {
    try {
      return registry.start(
          new StreamRequest(id, SourceUrl.parse("rtmp://cam.example/live/" + id)), ends::add);
    } catch (InvalidSource e) {
      throw new IllegalStateException(e);
    }
  }

  private static StartVerdict.Reason reasonOf(StartVerdict verdict) {
    return ((StartVerdict.Refused) verdict).reason();
  }

  @Test
  void aPostedStreamIsNoBusinessOfHooksAndListings() {
    assertThat(post("a")).isInstanceOf(StartVerdict.Started.class);
    assertThat(registry.forReconciliation(0)).isEmpty();
    registry.reconcile(new Reconciliation(List.of(), List.of("", "live/a/in"), Set.of()), 1);
    HookVerdict verdict = registry.ready(event("a", "1"));
    assertThat(((HookVerdict.Refused) verdict).code()).isEqualTo("id_in_use");
    assertThat(((HookVerdict.Refused) verdict).message()).contains("POST /v1/streams");
    registry.notReady(event("a", "1"));
    assertThat(only().told).isEmpty();
    assertThat(registry.size()).isEqualTo(1);
    only().end();
    assertThat(registry.ready(event("a", "2"))).isInstanceOf(HookVerdict.Started.class);
  }

  @Test
  void anIdInUseIsRefusedHoweverItIsUsed() {
    post("a");
    assertThat(reasonOf(post("a"))).isEqualTo(StartVerdict.Reason.ID_IN_USE);
    registry.ready(event("b", "1"));
    assertThat(reasonOf(post("b"))).isEqualTo(StartVerdict.Reason.ID_IN_USE);
    assertThat(started).hasSize(2);
    assertThat(refused).containsExactly(RefusalReason.ID_IN_USE, RefusalReason.ID_IN_USE);
  }

  @Test
  void anIdThatDrainsIsReadAtOnceAndWaitsForTheOutput() {
    registry.ready(event("a", "1"));
    registry.end("a", false);
    assertThat(post("a")).isInstanceOf(StartVerdict.Started.class);
    assertThat(started.get(1).outputFree).isNotDone();
    // The third one of this id has to wait for the first one's end.
    registry.end("a", false);
    assertThat(reasonOf(post("a"))).isEqualTo(StartVerdict.Reason.ID_IN_USE);
    // The old source goes: that is no news for the posted one.
    registry.notReady(event("a", "1"));
    assertThat(started.get(1).told).containsExactly("drain");
    started.get(0).end();
    assertThat(started.get(1).outputFree).isDone();
  }

  @Test
  void aFullWorkerRefusesAPostAndNeverEvictsOne() {
    fakes = true;
    post("a");
    post("b");
    assertThat(reasonOf(post("c"))).isEqualTo(StartVerdict.Reason.FULL);
    assertThat(registry.ready(event("d", "1"))).isInstanceOf(HookVerdict.Refused.class);
    assertThat(evictions).isZero();
    assertThat(refused).containsExactly(RefusalReason.FULL, RefusalReason.FULL);
    assertThat(registry.saturation()).hasValue("full: this worker runs its limit of 2 streams");
  }

  @Test
  void endingAtOnceEndsWhatLeavesToo() {
    registry.ready(event("a", "1"));
    registry.end("a", false);
    registry.ready(event("a", "2"));
    assertThat(registry.end("a", true)).isTrue();
    assertThat(started.get(0).told).containsExactly("drain", "stop");
    assertThat(started.get(1).told).containsExactly("stop");
    assertThat(registry.end("a", true)).isFalse();
    assertThat(registry.size()).isZero();
  }

  @Test
  void whatLeavesAndHasNoOtherSessionBesideItDrainsAlreadyAndCanBeEndedAtOnce() {
    registry.ready(event("a", "1"));
    registry.end("a", false);
    registry.ready(event("a", "2"));
    started.get(1).end();
    assertThat(registry.end("a", false)).as("it drains already").isTrue();
    assertThat(started.get(0).told).containsExactly("drain");
    assertThat(registry.end("a", true)).isTrue();
    assertThat(started.get(0).told).containsExactly("drain", "stop");
    assertThat(registry.end("a", false)).isFalse();
    assertThat(registry.size()).isZero();
  }

  @Test
  void thePostedStreamsThatEndedBeforeAShutdownAreTold() throws Exception {
    post("a");
    post("b");
    started.get(0).leaving = true;
    // Neither is over within no time at all.
    registry.drain(Duration.ZERO);
    assertThat(ends).as("the shutdown ended b").containsExactly(new PostedEnd(true, ""));
  }

  @ParameterizedTest
  @CsvSource({
    "OURS, true, false",
    "OURS, false, false",
    "SOURCE, true, true",
    "SOURCE, false, false"
  })
  void aPostedStreamIsOverWhenItsSourceWasReadAndHasEnded(
      Blame blame, boolean hasRead, boolean isFinal) {
    fakes = !hasRead;
    post("a");
    only().end(blame);
    assertThat(ends).containsExactly(new PostedEnd(isFinal, "out of something"));
  }

  @Test
  void aPostedStreamThatIsGivenUpToAnotherWorkerIsNotStartedAgain() {
    post("a");
    registry.giveUp(new OutputOutage("a", "live/a/out", 1));
    assertThat(ends).hasSize(1);
    assertThat(ends.get(0).isFinal()).isTrue();
    assertThat(ends.get(0).reason()).contains("another worker publishes");
  }

  @Test
  void aWorkerThatDrainsRefusesStreamsUntilThatIsTakenBack() {
    registry.ready(event("a", "1"));
    assertThat(registry.drainAll()).isEqualTo(1);
    assertThat(registry.drainAll()).isEqualTo(1);
    assertThat(only().told).containsOnly("drain");
    assertThat(registry.refusals()).containsExactly("draining");
    HookVerdict.Refused verdict = (HookVerdict.Refused) registry.ready(event("b", "1"));
    assertThat(verdict.code()).isEqualTo("draining");
    assertThat(verdict.message()).contains("DELETE /v1/drain");
    assertThat(reasonOf(post("c"))).isEqualTo(StartVerdict.Reason.DRAINING);
    int refusals = refused.size();
    registry.reconcile(listing("b", "1"), 1);
    assertThat(refused).as("a listing is no request").hasSize(refusals);
    registry.takeSourcesMissed();

    assertThat(registry.acceptAgain()).isTrue();
    assertThat(registry.acceptAgain()).isTrue();
    assertThat(registry.takeSourcesMissed()).as("asked soon").isTrue();
    assertThat(registry.refusals()).isEmpty();
    assertThat(only().leaving).as("it goes on draining").isTrue();
    registry.reconcile(listing("b", "1"), 1);
    // The publisher of the stream that drained is still there.
    assertThat(registry.ready(event("a", "1"))).isInstanceOf(HookVerdict.Started.class);
    assertThat(started).hasSize(2);
    assertThat(registry.ids()).contains("b");
  }

  private static Reconciliation listing(String id, String source) {
    String path = "live/" + id + "/in";
    return new Reconciliation(
        List.of(new Reconciliation.Candidate(path, id, "rtmpConn", source)),
        List.of(),
        Set.of(path));
  }

  @Test
  void aShutdownIsNotTakenBack() throws Exception {
    registry.drainAll();
    assertThat(registry.drain(Duration.ZERO)).isTrue();
    assertThat(registry.acceptAgain()).isFalse();
    assertThat(registry.refusals()).containsExactly("draining");
    HookVerdict.Refused verdict = (HookVerdict.Refused) registry.ready(event("b", "1"));
    assertThat(verdict.message()).contains("shutting down");
  }
}
