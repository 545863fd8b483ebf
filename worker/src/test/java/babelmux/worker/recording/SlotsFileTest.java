package babelmux.worker.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotsFileTest {
  private static final Instant START = Instant.parse("2026-11-22T07:50:01Z");
  private static final RecordingName NAME = RecordingName.of(START, 1);
  private static final RecordingInfo INFO =
      new RecordingInfo("demo", "en", "es", START, 5_000_000, 48_000);

  @TempDir Path folder;

  private Path path() {
    return folder.resolve(NAME.slots());
  }

  private JsonNode read() throws IOException {
    return new JsonMapper().readTree(path().toFile());
  }

  private static SlotEntry entry(long number, boolean dub, @Nullable String transcript) {
    long startUs = 3_000_000 + number * 6_000_000;
    return new SlotEntry(
        number,
        "f" + number,
        startUs,
        startUs + 6_000_000,
        dub,
        dub ? null : "timeout",
        dub ? null : "no answer",
        transcript,
        dub ? "uno" : null,
        dub);
  }

  @Test
  void itIsOneDocumentAfterEachStep() throws Exception {
    try (SlotsFile file = SlotsFile.create(path(), NAME, INFO)) {
      assertThat(read().path("format").asText()).isEqualTo("babelmux-recording-1");
      assertThat(read().path("media").asText()).isEqualTo("20261122T075001Z.mp4");
      assertThat(read().path("slots")).isEmpty();
      file.put(entry(0, true, "one \"two\" \u00fc"));
      assertThat(read().path("slots")).hasSize(1);
      file.put(entry(1, false, null));
      assertThat(read().path("slots")).hasSize(2);
    }
    JsonNode dub = read().at("/slots/0");
    assertThat(dub.path("fragmentId").asText()).isEqualTo("f0");
    assertThat(dub.path("startSample").asLong()).isEqualTo(-96_000);
    assertThat(dub.path("endSample").asLong()).isEqualTo(192_000);
    assertThat(dub.path("startSeconds").asDouble()).isEqualTo(-2);
    assertThat(dub.path("sound").asText()).isEqualTo("dub");
    assertThat(dub.path("transcript").asText()).isEqualTo("one \"two\" \u00fc");
    assertThat(dub.path("aired").asBoolean()).isTrue();
    JsonNode original = read().at("/slots/1");
    assertThat(original.path("sound").asText()).isEqualTo("original");
    assertThat(original.path("reason").asText()).isEqualTo("timeout");
    assertThat(original.path("translation").isNull()).isTrue();
    assertThat(original.path("aired").asBoolean()).isFalse();
  }

  @Test
  void theLastSlotCanBeWrittenAgain() throws Exception {
    try (SlotsFile file = SlotsFile.create(path(), NAME, INFO)) {
      for (int number = 0; number < 3; number++) {
        file.put(entry(number, true, "a long transcript ".repeat(9)));
        file.put(entry(number, true, "short"));
        assertThat(read().path("slots")).hasSize(number + 1);
        assertThat(read().at("/slots/" + number + "/transcript").asText()).isEqualTo("short");
        file.put(entry(number, true, "and longer again"));
        assertThat(read().at("/slots/" + number + "/transcript").asText())
            .isEqualTo("and longer again");
      }
    }
  }

  @Test
  void nothingIsOverwritten() throws Exception {
    Files.writeString(path(), "mine");
    assertThatThrownBy(() -> SlotsFile.create(path(), NAME, INFO))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(path()).hasContent("mine");
  }
}
