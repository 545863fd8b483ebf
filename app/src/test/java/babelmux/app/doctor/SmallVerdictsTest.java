package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import babelmux.media.Packet;
import babelmux.media.TrackKind;
import babelmux.worker.config.ConfigLoader;
import babelmux.worker.config.WorkerConfig;
import babelmux.worker.streams.MemoryNeed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Room, clocks, paths, folders, and the media of a test publish. */
class SmallVerdictsTest {

  @Test
  void memoryIsForOneStreamAtLeastAndForThoseThatWereAskedFor() {
    assertThat(Room.memory(0, 1, "").code()).isEqualTo(Code.MEMORY);
    assertThat(Room.memory(7, 8, "").code()).isEqualTo(Code.MEMORY_STREAMS);
    assertThat(Room.memory(7, 8, "").advice()).contains("max-streams to 7");
    assertThat(Room.memory(8, 8, "").level()).isEqualTo(Level.OK);
  }

  @Test
  void descriptorsAreForTheStreamsThatWereAskedFor() {
    assertThat(Room.descriptors(1024, 100).level()).isEqualTo(Level.OK);
    assertThat(Room.descriptors(1024, 200).code()).isEqualTo(Code.DESCRIPTORS);
    assertThat(Room.descriptors(1024, 200).advice()).contains("1750");
    assertThat(Room.descriptors(100, 1).code()).isEqualTo(Code.DESCRIPTORS);
  }

  @ParameterizedTest
  @CsvSource({"0, true", "2000, true", "2001, false", "-2900, true", "-3001, false"})
  void clocksAreTwoSecondsApartAtMost(long aheadMillis, boolean fine) {
    Finding finding =
        Clocks.judge(Map.of("MediaMTX", Duration.ofMillis(aheadMillis)), Duration.ZERO);
    assertThat(finding.level()).isEqualTo(fine ? Level.OK : Level.WARN);
  }

  @Test
  void aClockThatIsSetMeanwhileIsToldAndNoServersClockIsFine() {
    assertThat(Clocks.judge(Map.of(), Duration.ofSeconds(-1)).code()).isEqualTo(Code.CLOCK);
    assertThat(Clocks.judge(Map.of(), Duration.ofMillis(20)).level()).isEqualTo(Level.OK);
  }

  @Test
  void aPathIsMadeFromThePatternOfInputs() {
    assertThat(input("^live/([A-Za-z0-9_-]+)/in$")).isEqualTo("live/x/in");
    assertThat(input("(?:app)/([^/]{1,64})\\.in")).isEqualTo("none");
    assertThat(input("app/(\\w+)\\.in")).isEqualTo("app/x.in");
    assertThat(input("^a|b/(x)$")).isEqualTo("none");
    assertThat(input("app/((?:a|x)[(]?)/in"))
        .as("groups in it, and a bracket")
        .isEqualTo("app/x/in");
    assertThat(input("app/(?<id>[^)\\]]+)/in")).as("one with a name").isEqualTo("none");
    assertThat(input("\\(live\\)/(\\w+)/in")).isEqualTo("(live)/x/in");
    assertThat(input("live/(x/in")).isEqualTo("none");
    assertThat(input("a(b)/(\\w+)")).as("the id is not in its first group").isEqualTo("none");
  }

  @Test
  void aLongPatternTakesNoLongerThanItsLengthAsks() {
    for (String part : List.of("(", "(a", "[", "(?:", "\\(", "()")) {
      String text = part.repeat(200_000 / part.length());
      assertTimeoutPreemptively(
          Duration.ofSeconds(10), () -> assertThat(TestPath.withId(text, "x")).isNotNull());
    }
  }

  @Test
  void runningStreamsHaveTheirRoomAlready() {
    WorkerConfig config = ConfigLoader.load(Map.of("max-streams", "3"), Map.of(), null).config();
    long all = MemoryNeed.limitBytes().orElse(Long.MAX_VALUE);
    assertThat(Room.memory(config, true, all, 0).code()).isIn(null, Code.MEMORY);
    assertThat(Room.memory(config, true, all, 3).level())
        .as("all of them run, and no more fit")
        .isEqualTo(Level.OK);
  }

  private static String input(String pattern) {
    try {
      return TestPath.input(Pattern.compile(pattern), "x").orElse("none");
    } catch (PatternSyntaxException e) {
      return "none";
    }
  }

  @Test
  void pathsThatDifferInTheIdAreAlike() {
    Pattern like = TestPath.like("live.tv/babelmux-doctor-a/out", "babelmux-doctor-a");
    assertThat(like.matcher("live.tv/demo/out").matches()).isTrue();
    assertThat(like.matcher("live-tv/demo/out").matches()).isFalse();
    assertThat(like.matcher("live.tv/demo/in").matches()).isFalse();
  }

  @Test
  void aFolderThatIsNotThereYetIsMadeWhereThatIsPossible(@TempDir Path folder) throws Exception {
    assertThat(Reach.folder(folder.resolve("a/b"), "record.to").level()).isEqualTo(Level.OK);
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(Reach.folder(file.resolve("a"), "record.to").code()).isEqualTo(Code.FOLDER);
  }

  @Test
  void theClipIsFourSecondsOfBothWithAKeyframeAtOnce() throws Exception {
    try (TestClip clip = new TestClip()) {
      assertThat(clip.video().codec()).isEqualTo("h264");
      assertThat(clip.video().width()).isEqualTo(64);
      assertThat(clip.video().height()).isEqualTo(64);
      assertThat(clip.audio().codec()).isEqualTo("aac");
      List<Packet> video =
          clip.packets().stream()
              .map(TestClip.Timed::packet)
              .filter(packet -> packet.kind() == TrackKind.VIDEO)
              .toList();
      assertThat(video).hasSize(40).allMatch(Packet::key);
      assertThat(clip.packets()).hasSizeGreaterThan(40 + 180);
      assertThat(clip.packets())
          .allMatch(timed -> timed.us() >= 0 && timed.us() < TestClip.LENGTH_US);
    }
  }
}
