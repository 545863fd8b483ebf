package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import babelmux.media.TrackKind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoakFilmTest {
  private static final Path FIXTURE = Path.of("../../fixtures/30s-counting-english.mp4");

  @ParameterizedTest
  @ValueSource(ints = {500_000, 2_130_000, 5_000_000})
  void hasTheBitRateAndBFramesAndCanBeRepeated(int bitRate) throws Exception {
    try (SoakFilm film = SoakFilm.make(FIXTURE, bitRate)) {
      assertThat(film.bitRate()).isCloseTo(bitRate, within(bitRate / 25.0));
      List<SoakFilm.Entry> pictures =
          film.entries().stream()
              .filter(entry -> entry.packet().kind() == TrackKind.VIDEO)
              .toList();
      assertThat(pictures).hasSize(240);
      assertThat(pictures.get(0).packet().key()).isTrue();
      // Each frame is shown once, in another order than it is decoded: repeated, without a hole.
      List<Long> shown = pictures.stream().map(SoakFilm.Entry::ptsUs).sorted().toList();
      assertThat(shown).isNotEqualTo(pictures.stream().map(SoakFilm.Entry::ptsUs).toList());
      for (int n = 1; n < shown.size(); n++) {
        assertThat(shown.get(n) - shown.get(n - 1)).isBetween(33_333L, 33_334L);
      }
      assertThat(film.entries().size() - pictures.size()).isEqualTo(375);
    }
  }

  @Test
  void whatIsNoFlvIsRefused() {
    assertThatThrownBy(() -> FillerVideo.fillTo(new byte[20], 100))
        .hasMessageContaining("expected an FLV file");
    byte[] cut = {'F', 'L', 'V', 1, 1, 0, 0, 0, 9, 0, 0, 0, 0, 9, 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 1};
    assertThatThrownBy(() -> FillerVideo.fillTo(cut, 100)).hasMessageContaining("within a tag");
  }
}
