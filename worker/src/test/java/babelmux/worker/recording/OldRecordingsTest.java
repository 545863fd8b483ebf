package babelmux.worker.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldRecordingsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final Instant OLD = NOW.minus(Duration.ofHours(25));
  private static final Duration KEEP = Duration.ofHours(24);

  @TempDir Path outside;
  @TempDir Path directory;

  @BeforeEach
  void recordings() throws IOException {
    recording(directory.resolve("demo"), OLD);
    recording(directory.resolve("demo"), NOW.minusSeconds(60));
  }

  private static RecordingName recording(Path folder, Instant written) throws IOException {
    Files.createDirectories(folder);
    RecordingName name = RecordingName.of(written, 1);
    RecordingInfo info = new RecordingInfo("demo", "en", "es", written, 0, 48_000);
    SlotsFile.create(folder.resolve(name.slots()), name, info).close();
    for (String file : name.files()) {
      Path path = folder.resolve(file);
      if (!Files.exists(path)) {
        Files.writeString(path, "media");
      }
      age(path, written);
    }
    return name;
  }

  private static void age(Path file, Instant written) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(written));
  }

  private List<String> delete() throws IOException {
    return new OldRecordings(directory, KEEP).delete(NOW);
  }

  private static Path file(Path folder, Instant written) {
    return folder.resolve(RecordingName.of(written, 1).media());
  }

  @Test
  void whatIsOlderGoesAsAWholeAndTheRestStays() throws Exception {
    assertThat(delete()).containsExactly("demo/" + RecordingName.of(OLD, 1).stem());
    assertThat(directory.resolve("demo"))
        .isDirectoryNotContaining(f -> f.toString().contains("20261121T07"));
    for (String file : RecordingName.of(NOW.minusSeconds(60), 1).files()) {
      assertThat(directory.resolve("demo").resolve(file)).exists();
    }
    assertThat(delete()).isEmpty();
  }

  @Test
  void aRecordingOfWhichAFileWasWrittenLatelyStays() throws Exception {
    age(directory.resolve("demo").resolve(RecordingName.of(OLD, 1).targetWords()), NOW);
    assertThat(delete()).isEmpty();
    assertThat(file(directory.resolve("demo"), OLD)).exists();
  }

  @Test
  void filesOfOthersStay() throws Exception {
    Path folder = directory.resolve("demo");
    List<Path> others =
        List.of(
            folder.resolve("film.mp4"),
            folder.resolve("20200101T000000Z.redone.mp4"),
            folder.resolve("20200101T000000Z.mp4.bak"),
            // A name as ours, without our description, or with one of somebody else's.
            folder.resolve("20200101T000000Z.mp4"),
            folder.resolve("20200102T000000Z.mp4"),
            folder.resolve("20200102T000000Z.json"),
            directory.resolve("20200101T000000Z.mp4"));
    for (Path other : others) {
      Files.writeString(other, "{\"format\": \"other\"}");
      age(other, OLD);
    }
    recording(directory.resolve("no stream id"), OLD);
    recording(directory.resolve("demo").resolve("deeper"), OLD);
    assertThat(delete()).hasSize(1);
    assertThat(others).allSatisfy(other -> assertThat(other).exists());
    assertThat(file(directory.resolve("no stream id"), OLD)).exists();
    assertThat(file(directory.resolve("demo/deeper"), OLD)).exists();
  }

  @Test
  void aRecordingOfWhichAPartIsNoFileStaysAsAWhole() throws Exception {
    for (int part = 0; part < RecordingName.of(OLD, 1).files().size(); part++) {
      Path folder = directory.resolve("part" + part);
      RecordingName name = recording(folder, OLD);
      Path odd = folder.resolve(name.files().get(part));
      Files.delete(odd);
      Files.createDirectory(odd);
      age(odd, OLD);
    }
    assertThat(delete()).as("but for the one without").hasSize(1);
    for (int part = 0; part < RecordingName.of(OLD, 1).files().size(); part++) {
      for (String file : RecordingName.of(OLD, 1).files()) {
        assertThat(directory.resolve("part" + part).resolve(file)).exists();
      }
    }
  }

  @Test
  void noLinkIsFollowed() throws Exception {
    RecordingName far = recording(outside.resolve("far"), OLD);
    Files.createSymbolicLink(directory.resolve("linked"), outside.resolve("far"));
    // A recording one file of which is a link to somewhere else.
    RecordingName odd = recording(directory.resolve("odd"), OLD);
    Path target = outside.resolve("film.mp4");
    Files.writeString(target, "mine");
    age(target, OLD);
    Files.delete(directory.resolve("odd").resolve(odd.media()));
    Files.createSymbolicLink(directory.resolve("odd").resolve(odd.media()), target);
    assertThat(delete()).hasSize(1);
    assertThat(outside.resolve("far").resolve(far.media())).exists();
    assertThat(target).exists();
    assertThat(directory.resolve("odd").resolve(odd.slots())).exists();
  }
}
