package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Natives;
import babelmux.meter.AvReport;
import babelmux.meter.Meter;
import babelmux.meter.Sound;
import babelmux.worker.sts.StsFragment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments cut at pauses in speech, on real speech. */
@Tag("slow")
class QuietCutTest {
  private static final int RATE = 48_000;

  @TempDir Path folder;

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  @Test
  void noWordIsCutAndNothingElseIsDifferent() throws Exception {
    Path input = DubbedFilm.counting();
    DubbedFilm film = DubbedFilm.of(input, folder.resolve("quiet.mp4"), true);
    AvReport report = AvReport.of(Meter.read(input), film.recording());

    assertThat(film.dub.dubbed()).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(report.pairs()).hasSize(30);
    assertThat(report.addedAv().maxUs()).isLessThan(21_333);
    assertThat(report.audioGaps()).isEmpty();
    List<StsFragment> sent =
        film.link.sent.stream()
            .sorted((a, b) -> Long.compare(a.segmentIndex(), b.segmentIndex()))
            .toList();
    float[] speech = Sound.read(input).mono();
    long first = sent.get(0).ptsNs() / 1000 * RATE / 1_000_000;
    int moved = 0;
    for (int n = 1; n < sent.size(); n++) {
      long cut = sent.get(n).ptsNs() / 1000 * RATE / 1_000_000 - first;
      assertThat(cut).isBetween((6L * n * RATE) - RATE * 3 / 4, (6L * n * RATE) + RATE * 3 / 4);
      assertThat(level(speech, cut)).as("level where segment %d begins", n).isLessThan(0.012);
      moved += level(speech, 6L * n * RATE) > 0.02 ? 1 : 0;
    }
    assertThat(moved).as("words that the grid would have cut").isPositive();
  }

  /** Root of the mean square, 80 ms around a sample. */
  private static double level(float[] speech, long sample) {
    double sum = 0;
    int around = RATE / 25;
    for (long n = sample - around; n < sample + around; n++) {
      sum += speech[(int) n] * speech[(int) n];
    }
    return Math.sqrt(sum / (2 * around));
  }
}
