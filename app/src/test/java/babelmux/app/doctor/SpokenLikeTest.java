package babelmux.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.AudioClipDecoder;
import babelmux.media.AudioClipHint;
import babelmux.media.Sound;
import babelmux.worker.sound.Levels;
import org.junit.jupiter.api.Test;

class SpokenLikeTest {

  @Test
  void itComesAndGoesAsSpeechDoesAndIsSixSecondsLong() throws Exception {
    Sound sound =
        AudioClipDecoder.decode(
            SpokenLike.m4a(3), new AudioClipHint("m4a", SpokenLike.HZ, 2, 10 * SpokenLike.HZ));
    assertThat(sound.frames()).isEqualTo(288_000);
    assertThat(sound.channelCount()).isEqualTo(2);
    assertThat(Levels.of(sound).speaks()).isTrue();
    assertThat(Levels.of(sound).isSilent()).isFalse();
  }

  @Test
  void eachNumberHasItsOwnMelody() throws Exception {
    assertThat(SpokenLike.m4a(1)).isEqualTo(SpokenLike.m4a(1)).isNotEqualTo(SpokenLike.m4a(2));
  }
}
