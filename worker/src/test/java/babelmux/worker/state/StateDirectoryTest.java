package babelmux.worker.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import babelmux.worker.destinations.DestinationUrl;
import babelmux.worker.sources.InvalidSource;
import babelmux.worker.sources.SourceUrl;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class StateDirectoryTest {
  @TempDir private Path folder;

  private static SavedStream stream(String id) throws InvalidSource {
    return new SavedStream(id, SourceUrl.parse("rtsp://u:secret@cam.example/" + id));
  }

  private static SavedDestination destination(String name) throws Exception {
    return new SavedDestination("a", name, DestinationUrl.parse("rtmp://live.example/app/k3y"));
  }

  @Test
  void whatIsKeptIsThereAfterARestart() throws Exception {
    try (StateDirectory state = StateDirectory.open(folder)) {
      state.save(stream("b"));
      state.save(stream("a"));
      state.save(stream("c"));
      state.save(stream("a"));
      state.remove("c");
      state.remove("never-kept");
      state.save(destination("two"));
      state.save(destination("one"));
      state.save(destination("three"));
      state.remove("a", "three");
      state.drained(true);
    }
    try (StateDirectory state = StateDirectory.open(folder)) {
      assertThat(state.read())
          .isEqualTo(
              new SavedState(
                  List.of(stream("a"), stream("b")),
                  List.of(destination("one"), destination("two")),
                  true,
                  List.of()));
      state.drained(false);
      state.drained(false);
      assertThat(state.read().drained()).isFalse();
    }
  }

  @Test
  void onlyTheOwnerCanReadIt() throws Exception {
    try (StateDirectory state = StateDirectory.open(folder)) {
      state.save(stream("a"));
      state.save(destination("one"));
      state.drained(true);
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files.toList())
            .hasSize(4)
            .allSatisfy(
                file ->
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void aDestinationThatIsBrokenOrNoServersIsSkippedAndItsUrlNotShown() throws Exception {
    String text =
        "{\"format\":\"babelmux-destination-1\",\"streamId\":\"a\",\"name\":\"%s\",\"url\":\"%s\"}";
    Files.writeString(
        folder.resolve("destination-a.file.json"), text.formatted("file", "file:///k3y"));
    Files.writeString(
        folder.resolve("destination-a.other.json"), text.formatted("one", "rtmp://h/a/k3y"));
    Files.writeString(
        folder.resolve("destination-a.out.json"), text.formatted("out", "rtmp://h/a/k3y"));
    Files.writeString(
        folder.resolve("destination-a.web.json"), text.formatted("web", "http://h/a/k3y"));
    try (StateDirectory state = StateDirectory.open(folder)) {
      SavedState read = state.read();
      assertThat(read.destinations()).isEmpty();
      assertThat(read.skipped()).hasSize(4);
      assertThat(String.join(" ", read.skipped())).doesNotContain("k3y");
    }
  }

  @Test
  void whatIsNotOursOrBrokenIsNamedAndSkippedAndLeftAlone() throws Exception {
    Files.writeString(folder.resolve("notes.txt"), "mine");
    Files.writeString(folder.resolve("stream-empty.json"), "");
    Files.writeString(folder.resolve("stream-half.json"), "{\"format\":\"babelmux-str");
    Files.writeString(
        folder.resolve("stream-other.json"),
        "{\"format\":\"babelmux-stream-1\",\"streamId\":\"a\",\"sourceUrl\":\"rtmp://h/a/b\"}");
    Files.writeString(
        folder.resolve("stream-file.json"),
        "{\"format\":\"babelmux-stream-1\",\"streamId\":\"file\",\"sourceUrl\":\"file:///secret\"}");
    Files.writeString(
        folder.resolve("stream-later.json"),
        "{\"format\":\"babelmux-stream-2\",\"streamId\":\"later\",\"sourceUrl\":\"rtmp://h/a/b\"}");
    Files.writeString(folder.resolve("stream-large.json"), " ".repeat(20_000));
    Files.write(folder.resolve("drain.json"), new byte[] {(byte) 0xff, 0});
    Files.createDirectory(folder.resolve("stream-folder.json"));
    Files.createSymbolicLink(folder.resolve("stream-link.json"), folder.resolve("notes.txt"));
    Files.writeString(folder.resolve(".stream-killed.json.tmp"), "{\"form");
    try (StateDirectory state = StateDirectory.open(folder)) {
      state.save(stream("good"));
      List<String> log = warningsOf(() -> assertThat(state.read().streams()).hasSize(1));
      assertThat(log)
          .hasSize(10)
          .anyMatch(line -> line.contains("notes.txt skipped: not a file of babelmux"))
          .anyMatch(line -> line.contains("stream-half.json skipped: body: not valid JSON"))
          .anyMatch(line -> line.contains("drain.json skipped: body: not UTF-8"))
          .anyMatch(line -> line.contains("stream-later.json skipped: expected format"));
      // The next time the same is no news, and still true.
      assertThat(
              warningsOf(
                  () -> {
                    SavedState again = state.read();
                    assertThat(again.streams()).containsExactly(stream("good"));
                    assertThat(again.drained()).isFalse();
                    assertThat(again.skipped())
                        .hasSize(9)
                        .anyMatch(line -> line.contains("stream-half.json"))
                        .noneMatch(line -> line.contains("notes.txt"));
                  }))
          .isEmpty();
    }
    assertThat(folder.resolve("stream-half.json")).exists();
    assertThat(folder.resolve(".stream-killed.json.tmp")).doesNotExist();
  }

  /** Something that reads a directory. */
  private interface Action {
    void run() throws Exception;
  }

  private static List<String> warningsOf(Action action) throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(StateDirectory.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      action.run();
    } finally {
      logger.detachAppender(lines);
    }
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void aFolderThatCannotBeReadIsAnError() throws Exception {
    Path there = Files.createDirectory(folder.resolve("state"));
    try (StateDirectory state = StateDirectory.open(there)) {
      Files.delete(there.resolve(".lock"));
      Files.delete(there);
      assertThatThrownBy(state::read).isInstanceOf(IOException.class);
    }
  }

  @Test
  void oneProcessUsesIt() throws Exception {
    try (StateDirectory state = StateDirectory.open(folder)) {
      assertThatThrownBy(() -> StateDirectory.open(folder))
          .isInstanceOf(IOException.class)
          .hasMessage("another worker uses it");
      assertThat(state).hasToString(folder.toString());
    }
    StateDirectory.open(folder).close();
  }

  @Test
  void aFolderThatIsGoneIsAnErrorThatSaysSo() {
    assertThatThrownBy(() -> StateDirectory.open(folder.resolve("none")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot write there");
  }
}
