package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.hooks.Direction;
import babelmux.hooks.HookVerdict;
import babelmux.hooks.SourceEvent;
import babelmux.worker.config.ConfigLoader;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.destinations.DestinationUrl;
import babelmux.worker.sources.SourceUrl;
import babelmux.worker.state.HungDisk;
import babelmux.worker.state.SavedState;
import babelmux.worker.state.StateDirectory;
import babelmux.worker.state.StateKeeper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class StreamControlTest {
  @TempDir private Path folder;
  private final List<FakeStream> started = new ArrayList<>();
  private int maxStreams = 10;
  private boolean fakes;
  private String cannotStart = "";
  private long now = -5;

  private static WorkerConfig config(String allow) {
    return ConfigLoader.load(
            Map.of("sources.allow", allow, "output.destinations-allow", "203.0.113.0/24"),
            Map.of(),
            null)
        .config();
  }

  private StreamRegistry registry() {
    return new StreamRegistry(
        (source, posted, outputFree, whenOver) -> {
          if (source.streamId().equals(cannotStart)) {
            throw new InternalError("unable to create native thread");
          }
          FakeStream stream = new FakeStream(source, outputFree, whenOver);
          stream.hasRead = !fakes;
          started.add(stream);
          return stream;
        },
        maxStreams,
        streams -> Optional.empty(),
        Duration.ofMinutes(15),
        reason -> {},
        () -> {},
        reason -> {});
  }

  private static StartVerdict post(StreamControl control, String id) throws Exception {
    return control.start(
        new StreamRequest(id, SourceUrl.parse("rtmp://u:p@cam.example/live/" + id)));
  }

  private StreamControl restarted() throws Exception {
    StreamControl control = notRestoredYet(registry());
    control.tick();
    return control;
  }

  private StreamControl notRestoredYet(StreamRegistry registry) throws Exception {
    started.clear();
    return new StreamControl(
        config("cam.example"), registry, StateDirectory.open(folder), () -> now);
  }

  private void pass(StreamControl control, Duration time) {
    now += time.toNanos();
    control.tick();
  }

  private static List<String> troubles(StreamControl control) {
    return control.troubles().stream()
        .map(trouble -> trouble.component() + ": " + trouble.reason())
        .toList();
  }

  /** What a session's end leads to happens on another thread. */
  private static void awaitTrouble(StreamControl control, String text) {
    await()
        .untilAsserted(
            () -> assertThat(troubles(control)).singleElement().asString().contains(text));
  }

  private List<String> kept() throws Exception {
    try (var files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.equals(".lock"))
          .sorted()
          .toList();
    }
  }

  private List<String> running() {
    return started.stream().map(stream -> stream.source().streamId()).toList();
  }

  @Test
  void postedStreamsComeBackUntilTheyEnd() throws Exception {
    StreamControl control = restarted();
    for (String id : List.of("a", "b", "c", "d")) {
      assertThat(post(control, id)).isInstanceOf(StartVerdict.Started.class);
    }
    control.end("b", false);
    control.end("c", true);
    started.get(3).end();
    await().untilAsserted(() -> assertThat(kept()).containsExactly("stream-a.json"));
    control.close();

    try (StreamControl again = restarted()) {
      assertThat(running()).containsExactly("a");
      assertThat(again.troubles()).isEmpty();
    }
  }

  @Test
  void aShutdownEndsThemAndForgetsNone() throws Exception {
    StreamRegistry registry = registry();
    try (StreamControl control =
        new StreamControl(config("cam.example"), registry, StateDirectory.open(folder))) {
      post(control, "a");
      registry.drain(Duration.ZERO);
    }
    assertThat(kept()).containsExactly("stream-a.json");
  }

  @Test
  void aStreamThatReplacedOneOfItsIdIsKeptWhenThatOneIsOver() throws Exception {
    try (StreamControl control = restarted()) {
      post(control, "a");
      control.end("a", false);
      post(control, "a");
      started.get(0).end();
    }
    assertThat(kept()).containsExactly("stream-a.json");
  }

  @Test
  void aDrainHoldsUntilItIsTakenBackAndForgetsWhatItEnded() throws Exception {
    try (StreamControl control = restarted()) {
      post(control, "a");
      assertThat(control.drainAll()).isEqualTo(1);
    }
    assertThat(kept()).containsExactly("drain.json");
    try (StreamControl control = restarted()) {
      assertThat(started).isEmpty();
      assertThat(post(control, "a")).isInstanceOf(StartVerdict.Refused.class);
      assertThat(control.acceptAgain()).isTrue();
    }
    assertThat(kept()).isEmpty();
    try (StreamControl control = restarted()) {
      assertThat(post(control, "a")).isInstanceOf(StartVerdict.Started.class);
    }
  }

  @Test
  void aStreamThatMayNotStartNowIsKept() throws Exception {
    try (StreamControl control = restarted()) {
      post(control, "a");
    }
    WorkerConfig nothingAllowed = ConfigLoader.load(Map.of(), Map.of(), null).config();
    started.clear();
    try (StreamControl control =
        new StreamControl(nothingAllowed, registry(), StateDirectory.open(folder))) {
      control.tick();
      assertThat(started).isEmpty();
      assertThat(troubles(control))
          .singleElement()
          .asString()
          .startsWith("posted: stream a does not run: sources.allow is not set");
    }
    assertThat(kept()).containsExactly("stream-a.json");
  }

  @Test
  void aKeptStreamThatCouldNotStartIsForgottenOnRequest() throws Exception {
    try (StreamControl control = restarted()) {
      post(control, "a");
      post(control, "b");
    }
    WorkerConfig nothingAllowed = ConfigLoader.load(Map.of(), Map.of(), null).config();
    try (StreamControl control =
        new StreamControl(nothingAllowed, registry(), StateDirectory.open(folder))) {
      control.tick();
      assertThat(control.end("a", false)).isTrue();
      assertThat(control.end("a", false)).isFalse();
      assertThat(kept()).containsExactly("stream-b.json");
      assertThat(control.drainAll()).isZero();
    }
    assertThat(kept()).containsExactly("drain.json");
  }

  @Test
  void aDiskThatTakesNothingCostsNoStreamAndIsTold() throws Exception {
    try (StreamControl control = restarted()) {
      // A folder stands where the file has to go.
      Files.createDirectories(folder.resolve("stream-a.json/x"));
      assertThat(post(control, "a")).isInstanceOf(StartVerdict.Started.class);
      assertThat(troubles(control)).singleElement().asString().contains("state-dir: ", "yet: a;");
      post(control, "b");
      assertThat(troubles(control)).as("b says nothing about a").hasSize(1);
      Files.delete(folder.resolve("stream-a.json/x"));
      Files.delete(folder.resolve("stream-a.json"));
      pass(control, Duration.ofMillis(9_999));
      assertThat(kept()).containsExactly("stream-b.json");
      pass(control, Duration.ofMillis(1));
      assertThat(kept()).containsExactly("stream-a.json", "stream-b.json");
      assertThat(control.troubles()).isEmpty();
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aDiskThatHangsHoldsUpNoStopAndNoDrain() throws Exception {
    StateDirectory directory = StateDirectory.open(folder);
    try (StreamControl control =
        new StreamControl(config("cam.example"), registry(), directory, () -> now)) {
      control.tick();
      post(control, "a");
      post(control, "b");
      post(control, "c");
      try (HungDisk disk = HungDisk.of(directory)) {
        assertThat(control.end("a", true)).isTrue();
        assertThat(started.get(0).told).containsExactly("stop");
        assertThat(post(control, "d")).isInstanceOf(StartVerdict.Started.class);
        assertThat(control.drainAll()).isEqualTo(3);
        assertThat(started.get(1).told).containsExactly("drain");
        assertThat(control.acceptAgain()).isTrue();
        assertThat(post(control, "e")).isInstanceOf(StartVerdict.Started.class);
        pass(control, StateKeeper.PATIENCE);
        assertThat(troubles(control))
            .singleElement()
            .asString()
            .isEqualTo(
                "state-dir: state-dir "
                    + folder
                    + " does not answer; not kept yet: a, b, c, d, the drain, e");
        disk.answer();
        await().untilAsserted(() -> assertThat(kept()).containsExactly("stream-e.json"));
        await()
            .untilAsserted(
                () -> {
                  control.tick();
                  assertThat(control.troubles()).isEmpty();
                });
      }
    }
    assertThat(kept()).containsExactly("stream-e.json");
  }

  /** Streams a and b were posted to a worker that has ended since. */
  private void twoWereKept() throws Exception {
    try (StreamControl control = restarted()) {
      post(control, "a");
      post(control, "b");
    }
    started.clear();
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aStreamThatIsDeletedWhileTheDiskHangsDoesNotComeBack() throws Exception {
    twoWereKept();
    StateDirectory directory = StateDirectory.open(folder);
    try (StreamControl control =
        new StreamControl(config("cam.example"), registry(), directory, () -> now)) {
      try (HungDisk disk = HungDisk.of(directory)) {
        control.tick();
        assertThat(control.end("a", false)).as("it may be kept").isTrue();
        assertThat(control.end("a", false)).as("a second time").isFalse();
        assertThat(started).isEmpty();
        disk.answer();
        await().untilAsserted(() -> assertThat(kept()).containsExactly("stream-b.json"));
      }
      control.tick();
      assertThat(running()).containsExactly("b");
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aDrainForgetsWhatCouldNotBeReadYetAlsoWhenItIsTakenBackBefore() throws Exception {
    twoWereKept();
    StateDirectory directory = StateDirectory.open(folder);
    try (StreamControl control =
        new StreamControl(config("cam.example"), registry(), directory, () -> now)) {
      try (HungDisk disk = HungDisk.of(directory)) {
        control.drainAll();
        control.acceptAgain();
        post(control, "b");
        disk.answer();
        await().untilAsserted(() -> assertThat(kept()).containsExactly("stream-b.json"));
      }
      control.tick();
      assertThat(running()).containsExactly("b");
    }
    assertThat(kept()).containsExactly("stream-b.json");
  }

  @Test
  void whatIsKeptIsToldUntilItIsStarted() throws Exception {
    try (StreamControl control = restarted()) {
      post(control, "a");
    }
    try (StreamControl control = notRestoredYet(registry())) {
      assertThat(troubles(control)).singleElement().asString().startsWith("restore: ");
      assertThat(started).isEmpty();
      control.start();
      assertThat(running()).containsExactly("a");
      assertThat(control.troubles()).isEmpty();
    }
  }

  @Test
  void aPostBeforeTheRestoreTakesThePlaceOfWhatWasKept() throws Exception {
    try (StreamControl control = restarted()) {
      post(control, "a");
      post(control, "b");
    }
    try (StreamControl control = notRestoredYet(registry())) {
      String other = "rtmp://cam.example/live/other";
      assertThat(control.start(new StreamRequest("a", SourceUrl.parse(other))))
          .isInstanceOf(StartVerdict.Started.class);
      control.tick();
      assertThat(running()).containsExactly("a", "b");
      assertThat(control.troubles()).isEmpty();
      assertThat(Files.readString(folder.resolve("stream-a.json"))).contains(other);
    }
    assertThat(kept()).containsExactly("stream-a.json", "stream-b.json");
  }

  @Test
  void aDeleteBeforeTheRestoreForgetsWhatWasKept() throws Exception {
    try (StreamControl control = restarted()) {
      post(control, "a");
    }
    try (StreamControl control = notRestoredYet(registry())) {
      assertThat(control.end("a", false)).isTrue();
      control.tick();
      assertThat(started).isEmpty();
    }
    assertThat(kept()).isEmpty();
  }

  @Test
  void aDrainThatWasKeptRefusesAPostBeforeTheRestore() throws Exception {
    try (StreamControl control = restarted()) {
      control.drainAll();
    }
    try (StreamControl control = notRestoredYet(registry())) {
      assertThat(post(control, "a")).isInstanceOf(StartVerdict.Refused.class);
    }
  }

  @Test
  void aHookBeforeTheRestoreIsDubbedAndTheKeptStreamComesAfterIt() throws Exception {
    try (StreamControl control = restarted()) {
      post(control, "a");
    }
    StreamRegistry registry = registry();
    try (StreamControl control = notRestoredYet(registry)) {
      assertThat(
              registry.ready(
                  new SourceEvent("live/a/in", "a", Direction.IN, "rtmpConn", "1", "", "test")))
          .isInstanceOf(HookVerdict.Started.class);
      control.tick();
      assertThat(started).hasSize(1);
      assertThat(troubles(control))
          .singleElement()
          .asString()
          .contains("posted: stream a does not run: stream id a is in use");
      assertThat(kept()).containsExactly("stream-a.json");
      started.get(0).end();
      pass(control, Duration.ofSeconds(1));
      assertThat(started).hasSize(2);
      assertThat(started.get(1).isPosted()).isTrue();
      assertThat(control.troubles()).isEmpty();
    }
  }

  @Test
  void aFolderThatCannotBeReadIsToldAndReadLater() throws Exception {
    try (StreamControl control = restarted()) {
      post(control, "a");
    }
    Path away = folder.resolveSibling(folder.getFileName() + "-away");
    try (StreamControl control = notRestoredYet(registry())) {
      Files.move(folder, away);
      control.tick();
      assertThat(troubles(control))
          .singleElement()
          .asString()
          .contains("restore: ", folder + " cannot be read", "tried again every 10 s");
      Files.move(away, folder);
      pass(control, Duration.ofMillis(9_999));
      assertThat(started).isEmpty();
      pass(control, Duration.ofMillis(1));
      assertThat(running()).containsExactly("a");
      assertThat(control.troubles()).isEmpty();
    }
  }

  @Test
  void aFileThatIsBrokenIsToldUntilItIsMendedOrItsStreamIsDeleted() throws Exception {
    Files.writeString(folder.resolve("stream-a.json"), "{\"form");
    Files.writeString(folder.resolve("stream-b.json"), "{\"form");
    try (StreamControl control = restarted()) {
      assertThat(troubles(control))
          .singleElement()
          .asString()
          .contains("restore: state file", "stream-a.json skipped", "stream-b.json skipped");
      assertThat(control.end("a", false)).isTrue();
      Files.writeString(
          folder.resolve("stream-b.json"),
          "{\"format\":\"babelmux-stream-1\",\"streamId\":\"b\",\"sourceUrl\":\"rtsp://h/b\"}");
      pass(control, Duration.ofSeconds(10));
      assertThat(running()).containsExactly("b");
      assertThat(control.troubles()).isEmpty();
    }
  }

  @Test
  void whatCannotBeStartedAgainIsTriedUntilItCan() throws Exception {
    try (StreamControl control = restarted()) {
      post(control, "a");
      post(control, "b");
    }
    maxStreams = 1;
    try (StreamControl control = restarted()) {
      assertThat(running()).containsExactly("a");
      assertThat(troubles(control))
          .containsExactly(
              "posted: stream b does not run: this worker runs its limit of 1 streams; tried again"
                  + " after 1 s");
      pass(control, Duration.ofSeconds(1));
      pass(control, Duration.ofSeconds(1));
      assertThat(troubles(control)).singleElement().asString().contains("after 2 s");
      control.end("a", true);
      pass(control, Duration.ofSeconds(1));
      assertThat(running()).containsExactly("a", "b");
      assertThat(control.troubles()).isEmpty();
    }
    assertThat(kept()).containsExactly("stream-b.json");
  }

  @Test
  void oneThatCannotBeStartedKeepsNoOtherFromBeingStarted() throws Exception {
    try (StreamControl control = restarted()) {
      post(control, "a");
      post(control, "b");
    }
    cannotStart = "a";
    try (StreamControl control = restarted()) {
      assertThat(running()).containsExactly("b");
      assertThat(troubles(control))
          .singleElement()
          .asString()
          .contains("stream a does not run", "InternalError", "tried again after 1 s");
      cannotStart = "";
      pass(control, Duration.ofSeconds(1));
      assertThat(running()).containsExactly("b", "a");
      assertThat(control.troubles()).isEmpty();
    }
  }

  @Test
  void aStreamThatFailsByOurFaultIsStartedAgainAndKept() throws Exception {
    try (StreamControl control = restarted()) {
      post(control, "a");
      for (int attempt = 0; attempt < 8; attempt++) {
        started.get(attempt).end(Blame.OURS);
        awaitTrouble(control, "posted: stream a does not run: out of something; tried again");
        long seconds = Math.min(30, 1L << attempt);
        pass(control, Duration.ofSeconds(seconds).minusMillis(1));
        assertThat(started).as("attempt %d", attempt).hasSize(attempt + 1);
        pass(control, Duration.ofMillis(1));
        assertThat(started).as("attempt %d", attempt).hasSize(attempt + 2);
      }
      assertThat(kept()).containsExactly("stream-a.json");
      // It ran well for a while: the next outage is another one.
      pass(control, PostedStreams.STEADY);
      started.get(8).end(Blame.OURS);
      awaitTrouble(control, "tried again after 1 s");
      control.end("a", false);
      pass(control, Duration.ofHours(1));
      assertThat(started).hasSize(9);
    }
    assertThat(kept()).isEmpty();
  }

  @Test
  void aStreamWhoseSourceWasNeverReadIsKeptAndOneWhoseSourceHasEndedIsNot() throws Exception {
    try (StreamControl control = restarted()) {
      fakes = true;
      post(control, "a");
      fakes = false;
      post(control, "b");
      started.get(0).end(Blame.SOURCE);
      started.get(1).end(Blame.SOURCE);
      await().untilAsserted(() -> assertThat(kept()).containsExactly("stream-a.json"));
      awaitTrouble(control, "posted: stream a does not run");
    }
  }

  @Test
  void aStreamThatDrainedByItselfBeforeAShutdownDoesNotComeBack() throws Exception {
    StreamRegistry registry = registry();
    try (StreamControl control = notRestoredYet(registry)) {
      post(control, "a");
      post(control, "b");
      started.get(0).leaving = true;
      registry.drain(Duration.ZERO);
    }
    assertThat(kept()).containsExactly("stream-b.json");
  }

  @Test
  void aHostThatIsNotAllowedAndTheOwnOutputAreRefused() throws Exception {
    try (StreamControl control = new StreamControl(config("127.0.0.1"), registry(), null)) {
      assertThat(reason(control, "rtmp://127.0.0.1:1935/live/a/out"))
          .isEqualTo(StartVerdict.Reason.INVALID);
      assertThat(reason(control, "rtmp://127.0.0.2/live/a/in"))
          .isEqualTo(StartVerdict.Reason.NOT_ALLOWED);
      assertThat(started).isEmpty();
      control.tick();
      assertThat(control.drainAll()).isZero();
    }
    assertThat(kept()).isEmpty();
    try (StateDirectory state = StateDirectory.open(folder)) {
      assertThat(state.read()).isEqualTo(new SavedState(List.of(), List.of(), false, List.of()));
    }
  }

  private static final String YOUTUBE = "rtmp://203.0.113.7/live/k3y";
  private static final String ARCHIVE = "srt://203.0.113.8:9000?streamid=x";

  /** The stream that has started last is sent to one more. */
  private void add(StreamControl control, String name, String url) throws Exception {
    FakeStream stream = started.get(started.size() - 1);
    stream.takesDestinations = true;
    assertThat(
            control.add(
                new DestinationRequest(
                    stream.source().streamId(), name, DestinationUrl.parse(url))))
        .isInstanceOf(DestinationVerdict.Added.class);
  }

  @Test
  void destinationsThatWereAddedComeBackWithTheirStreamUntilTheyAreDeleted() throws Exception {
    try (StreamControl control = restarted()) {
      post(control, "a");
      add(control, "youtube", YOUTUBE);
      add(control, "archive", ARCHIVE);
      assertThat(kept())
          .containsExactly(
              "destination-a.archive.json", "destination-a.youtube.json", "stream-a.json");
    }
    try (StreamControl control = restarted()) {
      assertThat(started.get(0).destinations)
          .containsExactly("archive " + ARCHIVE, "youtube " + YOUTUBE);
      assertThat(control.removeDestination("a", "archive"))
          .isInstanceOf(DestinationVerdict.Removed.class);
      assertThat(kept()).containsExactly("destination-a.youtube.json", "stream-a.json");
    }
    try (StreamControl control = restarted()) {
      assertThat(started.get(0).destinations).containsExactly("youtube " + YOUTUBE);
      // Of one that fails and is started again, too.
      started.get(0).end(Blame.OURS);
      awaitTrouble(control, "stream a does not run");
      pass(control, Duration.ofSeconds(1));
      assertThat(started.get(1).destinations).containsExactly("youtube " + YOUTUBE);
      control.end("a", false);
      assertThat(kept()).isEmpty();
    }
  }

  /** Of a worker that has ended since. */
  private void aHooksStreamHadADestination() throws Exception {
    StreamRegistry registry = registry();
    try (StreamControl control = notRestoredYet(registry)) {
      registry.ready(hooked("h"));
      add(control, "youtube", YOUTUBE);
      registry.drain(Duration.ZERO);
    }
  }

  @Test
  void destinationsOfAHooksStreamComeBackAndEndWithIt() throws Exception {
    aHooksStreamHadADestination();
    assertThat(kept()).containsExactly("destination-h.youtube.json");
    // The hook may come before what was kept is read.
    StreamRegistry next = registry();
    try (StreamControl control = notRestoredYet(next)) {
      next.ready(hooked("h"));
      assertThat(started.get(0).destinations).isEmpty();
      control.tick();
      assertThat(started.get(0).destinations).containsExactly("youtube " + YOUTUBE);
      started.get(0).end();
      control.tick();
      assertThat(kept()).isEmpty();
      next.ready(hooked("h"));
      assertThat(started.get(1).destinations).isEmpty();
    }
  }

  private static SourceEvent hooked(String id) {
    return new SourceEvent("live/" + id + "/in", id, Direction.IN, "rtmpConn", id, "", "test");
  }

  @Test
  void destinationsOfAStreamThatDoesNotComeBackAreForgotten() throws Exception {
    StreamRegistry registry = registry();
    try (StreamControl control = notRestoredYet(registry)) {
      post(control, "a");
      add(control, "youtube", YOUTUBE);
      registry.ready(hooked("h"));
      add(control, "youtube", YOUTUBE);
      registry.drain(Duration.ZERO);
    }
    cannotStart = "a";
    try (StreamControl control = restarted()) {
      pass(control, StreamControl.AWAITED.minusSeconds(1));
      assertThat(kept()).hasSize(3);
      pass(control, Duration.ofSeconds(1));
      assertThat(kept()).containsExactly("destination-a.youtube.json", "stream-a.json");
      assertThat(control.removeDestination("a", "youtube"))
          .isInstanceOf(DestinationVerdict.Removed.class);
      assertThat(control.removeDestination("a", "youtube"))
          .isInstanceOf(DestinationVerdict.Refused.class);
      assertThat(kept()).containsExactly("stream-a.json");
    }
  }

  @Test
  void aDrainForgetsDestinationsAlsoThoseThatWereNotReadYet() throws Exception {
    aHooksStreamHadADestination();
    try (StreamControl control = notRestoredYet(registry())) {
      control.drainAll();
      control.tick();
      assertThat(kept()).containsExactly("drain.json");
    }
  }

  private static StartVerdict.Reason reason(StreamControl control, String url) throws Exception {
    StreamRequest request = new StreamRequest("a", SourceUrl.parse(url));
    return ((StartVerdict.Refused) control.start(request)).reason();
  }
}
