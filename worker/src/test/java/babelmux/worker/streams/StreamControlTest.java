package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.worker.config.ConfigLoader;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.sources.SourceUrl;
import babelmux.worker.state.SavedState;
import babelmux.worker.state.StateDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamControlTest {
  @TempDir private Path folder;
  private final List<FakeStream> started = new ArrayList<>();

  private static WorkerConfig config(String allow) {
    return ConfigLoader.load(Map.of("sources.allow", allow), Map.of(), null).config();
  }

  private StreamRegistry registry() {
    return new StreamRegistry(
        (source, posted, outputFree, whenOver) -> {
          FakeStream stream = new FakeStream(source, outputFree, whenOver);
          started.add(stream);
          return stream;
        },
        10,
        streams -> Optional.empty(),
        Duration.ofMinutes(15),
        reason -> {},
        () -> {});
  }

  private static StartVerdict post(StreamControl control, String id) throws Exception {
    return control.start(
        new StreamRequest(id, SourceUrl.parse("rtmp://u:p@cam.example/live/" + id)));
  }

  private StreamControl restarted() throws Exception {
    StreamControl control =
        new StreamControl(config("cam.example"), registry(), StateDirectory.open(folder));
    started.clear();
    control.restore();
    return control;
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
      assertThat(again.trouble()).isEmpty();
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
      control.restore();
      assertThat(started).isEmpty();
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
      control.restore();
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
      assertThat(control.trouble())
          .hasValueSatisfying(text -> assertThat(text).contains("state-dir"));
      post(control, "b");
      assertThat(control.trouble()).isEmpty();
    }
  }

  @Test
  void aHostThatIsNotAllowedAndTheOwnOutputAreRefused() throws Exception {
    try (StreamControl control = new StreamControl(config("127.0.0.1"), registry(), null)) {
      assertThat(reason(control, "rtmp://127.0.0.1:1935/live/a/out"))
          .isEqualTo(StartVerdict.Reason.INVALID);
      assertThat(reason(control, "rtmp://127.0.0.2/live/a/in"))
          .isEqualTo(StartVerdict.Reason.NOT_ALLOWED);
      assertThat(started).isEmpty();
      control.restore();
      assertThat(control.drainAll()).isZero();
    }
    assertThat(kept()).isEmpty();
    try (StateDirectory state = StateDirectory.open(folder)) {
      assertThat(state.read()).isEqualTo(new SavedState(List.of(), false));
    }
  }

  private static StartVerdict.Reason reason(StreamControl control, String url) throws Exception {
    StreamRequest request = new StreamRequest("a", SourceUrl.parse(url));
    return ((StartVerdict.Refused) control.start(request)).reason();
  }
}
