package babelmux.worker.sound;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Sound;
import babelmux.worker.sound.DeadDubWatch.Answer;
import babelmux.worker.sound.DeadDubWatch.Verdict;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadDubWatchTest {
  private static final int RATE = 8_000;
  private static final int FRAMES = 6 * RATE;
  private static final Verdict WELL = new Verdict(0, null);

  private static final Levels MURMUR = Levels.of(Tones.tone(FRAMES, RATE, 1, 0.2f));
  private static final Answer SILENCE = Answer.of(Sound.silence(1, FRAMES, RATE));
  private static final Answer TONE = Answer.of(Tones.tone(FRAMES, RATE, 1, 1));

  private final DeadDubWatch watch = new DeadDubWatch();
  private boolean asked;

  /** Comes and goes; each number at other times. */
  private static Sound words(int number) {
    Sound tone = Tones.tone(FRAMES, RATE, 1, 1);
    float[] samples = tone.channels()[0];
    int word = RATE / 3 + number * RATE / 20;
    for (int at = 0; at < FRAMES; at += 2 * word) {
      Arrays.fill(samples, Math.min(FRAMES, at + word), Math.min(FRAMES, at + 2 * word), 0);
    }
    return tone;
  }

  private static Levels source(int number) {
    return Levels.of(words(number));
  }

  private Verdict good(int number) {
    return other(Answer.of(words(number)), source(number));
  }

  /** The next answer, which is not suspect: its source is not looked at. */
  private Verdict other(Answer dub, @Nullable Levels source) {
    asked = false;
    Verdict verdict = watch.next(dub, () -> ask(source));
    assertThat(asked).isFalse();
    return verdict;
  }

  /** The next answer, which is suspect. */
  private Verdict dead(Answer dub, @Nullable Levels source) {
    asked = false;
    Verdict verdict = watch.next(dub, () -> ask(source));
    assertThat(asked).isTrue();
    return verdict;
  }

  private Optional<Levels> ask(@Nullable Levels source) {
    asked = true;
    return Optional.ofNullable(source);
  }

  @Test
  void theWordsOfThisTestSpeakAndDiffer() {
    for (int n = 0; n < 5; n++) {
      assertThat(source(n).speaks()).isTrue();
      assertThat(source(n).isOther(source(n + 1))).isTrue();
    }
    assertThat(MURMUR.speaks()).isFalse();
  }

  @Test
  void theThirdSilentDubInARowIsNamedAndEachOneIsCounted() {
    assertThat(dead(SILENCE, source(0))).isEqualTo(WELL);
    assertThat(dead(SILENCE, source(1))).isEqualTo(WELL);
    assertThat(watch.isDead()).isFalse();
    assertThat(dead(SILENCE, source(2))).isEqualTo(new Verdict(3, DeadDub.SILENT));
    assertThat(dead(SILENCE, source(3))).isEqualTo(new Verdict(1, DeadDub.SILENT));
    assertThat(watch.isDead()).isTrue();
    assertThat(good(1)).isEqualTo(WELL);
    assertThat(watch.isDead()).isFalse();
    assertThat(dead(SILENCE, source(0))).isEqualTo(WELL);
  }

  @Test
  void aGoodDubBeginsTheRowAnew() {
    dead(SILENCE, source(0));
    dead(SILENCE, source(1));
    good(2);
    assertThat(dead(SILENCE, source(3))).isEqualTo(WELL);
    assertThat(dead(SILENCE, source(4))).isEqualTo(WELL);
  }

  @Test
  void silenceWhereTheSourceDoesNotSpeakIsRight() {
    for (int n = 0; n < 10; n++) {
      assertThat(dead(SILENCE, MURMUR)).isEqualTo(WELL);
    }
    dead(SILENCE, source(0));
    dead(SILENCE, source(1));
    dead(SILENCE, MURMUR);
    assertThat(dead(SILENCE, source(2))).as("the row began anew").isEqualTo(WELL);
  }

  @Test
  void whatIsNamedStaysSoInAPauseOfTheSource() {
    for (int n = 0; n < 3; n++) {
      dead(SILENCE, source(n));
    }
    assertThat(dead(SILENCE, MURMUR)).isEqualTo(new Verdict(0, DeadDub.SILENT));
    assertThat(dead(SILENCE, source(4))).isEqualTo(new Verdict(1, DeadDub.SILENT));
  }

  @Test
  void aSourceThatCannotBeMeasuredShowsNothing() {
    dead(SILENCE, source(0));
    dead(SILENCE, source(1));
    assertThat(dead(SILENCE, null)).isEqualTo(WELL);
    assertThat(dead(SILENCE, source(2))).isEqualTo(new Verdict(3, DeadDub.SILENT));
  }

  @Test
  void theThirdOfTheSameDubIsNamed() {
    assertThat(other(TONE, source(0))).isEqualTo(WELL);
    assertThat(dead(TONE, source(1))).isEqualTo(WELL);
    assertThat(dead(TONE, source(2))).isEqualTo(new Verdict(3, DeadDub.REPEATED));
    assertThat(dead(TONE, source(3))).isEqualTo(new Verdict(1, DeadDub.REPEATED));
    assertThat(dead(TONE, source(3)))
        .as("the same source may have the same dub")
        .isEqualTo(new Verdict(0, DeadDub.REPEATED));
    assertThat(good(0)).isEqualTo(WELL);
  }

  @Test
  void theSameDubOfTheSameSourceIsRight() {
    other(TONE, source(0));
    for (int n = 0; n < 10; n++) {
      assertThat(dead(TONE, source(0))).isEqualTo(WELL);
    }
    assertThat(dead(TONE, source(1))).as("the second of another source").isEqualTo(WELL);
    assertThat(dead(TONE, source(2))).isEqualTo(new Verdict(3, DeadDub.REPEATED));
  }

  @Test
  void theSourceOfTheFirstDubCounts() {
    other(TONE, MURMUR);
    assertThat(dead(TONE, source(1))).isEqualTo(WELL);
    assertThat(dead(TONE, source(2))).as("two that speak").isEqualTo(WELL);
    assertThat(dead(TONE, source(3))).isEqualTo(new Verdict(3, DeadDub.REPEATED));
  }

  @Test
  void oneSoundForAllThatIsNoSpeechIsRight() {
    Levels whisper = Levels.of(Tones.tone(FRAMES, RATE, 1, 0.05f));
    assertThat(whisper.isOther(MURMUR)).isTrue();
    other(TONE, whisper);
    for (int n = 0; n < 10; n++) {
      assertThat(dead(TONE, n % 2 == 0 ? MURMUR : whisper)).isEqualTo(WELL);
    }
    assertThat(dead(TONE, source(0))).isEqualTo(WELL);
    assertThat(dead(TONE, MURMUR)).as("counts neither way").isEqualTo(WELL);
    assertThat(dead(TONE, source(1))).isEqualTo(WELL);
    assertThat(dead(TONE, source(2))).isEqualTo(new Verdict(3, DeadDub.REPEATED));
  }

  @Test
  void aRepeatedDubOfASourceThatCannotBeMeasuredShowsNothing() {
    other(TONE, null);
    assertThat(dead(TONE, source(1))).isEqualTo(WELL);
    assertThat(dead(TONE, null)).isEqualTo(WELL);
    assertThat(dead(TONE, source(2))).isEqualTo(WELL);
    assertThat(dead(TONE, source(3))).isEqualTo(new Verdict(3, DeadDub.REPEATED));
  }

  @Test
  void aDubThatIsCutFadedOrPaddedToAnotherLengthIsTheSame() {
    Sound faded = Tones.tone(FRAMES - RATE / 3, RATE, 1, 1);
    for (int n = faded.frames() - RATE / 10; n < faded.frames(); n++) {
      faded.channels()[0][n] *= (faded.frames() - n) / (RATE / 10f);
    }
    other(TONE, source(0));
    dead(Answer.of(faded), source(1));
    assertThat(dead(Answer.of(Tones.tone(FRAMES + RATE, RATE, 1, 1)), source(2)))
        .isEqualTo(new Verdict(3, DeadDub.REPEATED));
    assertThat(other(Answer.of(Tones.tone(FRAMES, RATE, 1, 0.9f)), source(3))).isEqualTo(WELL);
    assertThat(other(Answer.of(Tones.tone(RATE / 2, RATE, 1, 0.9f)), source(4)))
        .as("too short to tell")
        .isEqualTo(WELL);
  }

  @Test
  void oneKindAfterTheOtherIsNamedAnew() {
    for (int n = 0; n < 3; n++) {
      dead(SILENCE, source(n));
    }
    assertThat(other(TONE, source(0))).as("a sound is no silence").isEqualTo(WELL);
    dead(TONE, source(1));
    assertThat(dead(TONE, source(2))).isEqualTo(new Verdict(3, DeadDub.REPEATED));
    dead(SILENCE, source(0));
    assertThat(dead(SILENCE, source(1))).isEqualTo(new Verdict(0, DeadDub.REPEATED));
    assertThat(dead(SILENCE, source(2))).isEqualTo(new Verdict(3, DeadDub.SILENT));
  }
}
