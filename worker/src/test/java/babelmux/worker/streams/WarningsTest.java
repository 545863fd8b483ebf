package babelmux.worker.streams;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.session.StreamWarning;
import org.junit.jupiter.api.Test;

class WarningsTest {
  private final Warnings warnings = new Warnings();

  @Test
  void theFirstIsLoggedAndOneThatComesAndGoesIsNotForAMinute() {
    long start = -5;
    assertThat(warnings.set(StreamWarning.SILENCE, "a", start)).isEqualTo(Warnings.Change.BEGINS);
    assertThat(warnings.set(StreamWarning.SILENCE, "b", start)).isEqualTo(Warnings.Change.NONE);
    assertThat(warnings.texts()).containsExactly("b");
    assertThat(warnings.set(StreamWarning.SILENCE, null, start)).isEqualTo(Warnings.Change.ENDS);
    assertThat(warnings.set(StreamWarning.SILENCE, null, start)).isEqualTo(Warnings.Change.NONE);
    long soon = start + Warnings.QUIET_NANOS - 1;
    assertThat(warnings.set(StreamWarning.SILENCE, "c", soon)).isEqualTo(Warnings.Change.QUIET);
    assertThat(warnings.kinds()).containsExactly(StreamWarning.SILENCE);
    assertThat(warnings.set(StreamWarning.NO_AUDIO, "d", soon)).isEqualTo(Warnings.Change.BEGINS);
    assertThat(warnings.set(StreamWarning.SILENCE, null, soon)).isEqualTo(Warnings.Change.QUIET);
    assertThat(warnings.texts()).containsExactly("d");
    assertThat(warnings.set(StreamWarning.SILENCE, "e", soon + 1))
        .isEqualTo(Warnings.Change.BEGINS);
  }
}
