package babelmux.worker.state;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sources.InvalidSource;
import babelmux.worker.sources.SourceUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateKeeperTest {
  @TempDir private Path folder;
  private long now = -5;
  private StateKeeper keeper;

  @BeforeEach
  void open() throws IOException {
    keeper = new StateKeeper(StateDirectory.open(folder), () -> now);
  }

  @AfterEach
  void close() {
    keeper.close();
  }

  private static SavedStream stream(String id) throws InvalidSource {
    return new SavedStream(id, SourceUrl.parse("rtsp://u:secret@cam.example/" + id));
  }

  private Path file(String id) {
    return folder.resolve("stream-" + id + ".json");
  }

  /** A folder that is not empty stands where the file has to go. */
  private void block(Path file) throws IOException {
    Files.createDirectories(file.resolve("x"));
  }

  private void unblock(Path file) throws IOException {
    Files.delete(file.resolve("x"));
    Files.delete(file);
  }

  private void retry() {
    keeper.retry();
    keeper.settle();
  }

  private SavedState read() throws Exception {
    CompletableFuture<SavedState> read = new CompletableFuture<>();
    keeper.read(state -> read.complete(keeper.wanted(state)), read::completeExceptionally);
    return read.get(20, TimeUnit.SECONDS);
  }

  private String trouble() {
    return keeper.trouble().orElse("");
  }

  @Test
  void whatCouldNotBeKeptIsTriedEveryTenSecondsAndToldUntilAllIsKept() throws Exception {
    block(file("a"));
    block(file("b"));
    keeper.save(stream("a"));
    keeper.save(stream("b"));
    // Another one's success says nothing about these two.
    keeper.save(stream("c"));
    keeper.settle();
    assertThat(trouble()).contains("state-dir " + folder, "not kept yet: a, b;");
    assertThat(trouble()).doesNotContain("secret");

    unblock(file("a"));
    now += StateKeeper.RETRY.toNanos() - 1;
    retry();
    assertThat(file("a")).as("too soon").doesNotExist();
    now++;
    retry();
    assertThat(file("a")).isRegularFile();
    assertThat(trouble()).contains("not kept yet: b;");

    unblock(file("b"));
    retry();
    assertThat(file("b")).as("too soon").doesNotExist();
    now += StateKeeper.RETRY.toNanos();
    retry();
    assertThat(keeper.trouble()).isEmpty();
    assertThat(read())
        .isEqualTo(
            new SavedState(
                List.of(stream("a"), stream("b"), stream("c")), List.of(), false, List.of()));
  }

  @Test
  void whatCouldNotBeForgottenIsForgottenLaterAndNotReadBefore() throws Exception {
    keeper.save(stream("a"));
    keeper.settle();
    Files.delete(file("a"));
    block(file("a"));
    CompletableFuture<Boolean> found = keeper.remove("a");
    keeper.settle();
    assertThat(trouble()).contains("not kept yet: a;");
    assertThat(found).as("it may be there").isCompletedWithValue(true);
    assertThat(keeper.remove("a")).as("nobody wants it").isCompletedWithValue(false);
    keeper.settle();

    unblock(file("a"));
    Files.writeString(
        file("a"),
        "{\"format\":\"babelmux-stream-1\",\"streamId\":\"a\",\"sourceUrl\":\"rtsp://h/a\"}");
    assertThat(read().streams()).isEmpty();
    now += StateKeeper.RETRY.toNanos();
    retry();
    assertThat(file("a")).doesNotExist();
    assertThat(keeper.trouble()).isEmpty();
  }

  @Test
  void theLastWishCounts() throws Exception {
    block(file("a"));
    block(folder.resolve("drain.json"));
    keeper.save(stream("a"));
    keeper.remove("a");
    keeper.drained(true);
    keeper.settle();
    assertThat(trouble()).contains("not kept yet: a, the drain;");
    unblock(file("a"));
    unblock(folder.resolve("drain.json"));
    keeper.drained(false);
    // The end of the process is the last try.
    keeper.close();
    assertThat(file("a")).doesNotExist();
    assertThat(folder.resolve("drain.json")).doesNotExist();
  }

  @Test
  void whatIsAskedForWhileTheDiskHangsIsWrittenBehindItAndTheLastWishCounts() throws Exception {
    keeper.save(stream("a"));
    keeper.settle();
    keeper.close();
    StateDirectory directory = StateDirectory.open(folder);
    keeper = new StateKeeper(directory, () -> now);
    try (HungDisk disk = HungDisk.of(directory)) {
      CompletableFuture<Boolean> found = keeper.remove("a");
      keeper.save(stream("b"));
      keeper.remove("b");
      keeper.save(stream("b"));
      keeper.drained(true);
      assertThat(keeper.trouble()).as("a moment is no trouble").isEmpty();
      now += StateKeeper.PATIENCE.toNanos();
      assertThat(trouble())
          .isEqualTo("state-dir " + folder + " does not answer; not kept yet: a, b, the drain");
      keeper.settle();
      assertThat(found).isNotDone();
      disk.answer();
      assertThat(found.get(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(read()).isEqualTo(new SavedState(List.of(stream("b")), List.of(), true, List.of()));
    assertThat(keeper.trouble()).isEmpty();
  }
}
