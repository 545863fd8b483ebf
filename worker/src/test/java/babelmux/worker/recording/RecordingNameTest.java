package babelmux.worker.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingNameTest {
  private static final Instant START = Instant.parse("2026-11-22T07:50:01.900Z");

  @Test
  void theFilesSayWhenTheyBeginInUtc() {
    assertThat(RecordingName.of(START, 1).files())
        .containsExactly(
            "20261122T075001Z.mp4",
            "20261122T075001Z.source.vtt",
            "20261122T075001Z.target.vtt",
            "20261122T075001Z.json");
  }

  @Test
  void sortedByNameTheyAreSortedByTime() {
    List<String> names =
        List.of(
            RecordingName.of(START, 1).media(),
            RecordingName.of(START, 2).media(),
            RecordingName.of(START, 3).media(),
            RecordingName.of(START.plusSeconds(1), 1).media());
    List<String> sorted = new ArrayList<>(names);
    sorted.sort(null);
    assertThat(sorted).isEqualTo(names);
  }

  @Test
  void eachFileLeadsBackToItsRecording() {
    for (int number = 1; number < 12; number++) {
      RecordingName name = RecordingName.of(START, number);
      assertThat(name.files()).allSatisfy(f -> assertThat(RecordingName.ofFile(f)).contains(name));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "film.mp4",
        "20261122T075001Z",
        "20261122T075001Z.mp4.part",
        "x20261122T075001Z.mp4",
        "20261122T075001Z_0.mp4",
        "20261122T075001Z_1234567.mp4",
        "20261122T075001Z.vtt",
        "20261122T075001Z.other.vtt",
        "20261122T075001Z.redone.mp4",
        "20261122T075001Z.json\n",
        "../20261122T075001Z.json"
      })
  void otherNamesAreNotOurs(String file) {
    assertThat(RecordingName.ofFile(file)).isEmpty();
  }
}
