package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.worker.sound.SpeechSpan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The words of slots, and where they are spoken, on the fixture with a beep and a word a second.
 */
@Tag("slow")
class SlotWordsTest {
  private static final long SLOT_US = 6_000_000;

  @TempDir Path folder;

  @Test
  void theWordsOfEachSlotComeWithTheSpeechInIt() throws Exception {
    DubbedFilm film = DubbedFilm.of(DubbedFilm.counting(), folder.resolve("out.mp4"));
    await().atMost(Duration.ofSeconds(20)).until(() -> film.dub.words.size() == 5);
    film.dub.words.forEach(
        (index, words) -> {
          assertThat(words.transcript()).isEqualTo("one");
          assertThat(words.translation()).isEqualTo("uno");
          assertIsSpeech(index, words.originalSpeech().get());
          // The dub is an echo.
          assertIsSpeech(index, words.dubSpeech().get());
        });
  }

  private static void assertIsSpeech(long slot, List<SpeechSpan> speech) {
    assertThat(speech).isNotEmpty();
    long before = -1;
    for (SpeechSpan span : speech) {
      assertThat(span.fromUs()).isGreaterThan(before);
      assertThat(span.toUs()).isGreaterThan(span.fromUs()).isLessThanOrEqualTo(SLOT_US);
      before = span.toUs();
      // From the beep at n + 0.5 s to the word's end at n + 1.37 s; a slot begins amid a word.
      long inSecondUs = (slot * SLOT_US + span.fromUs() + 500_000) % 1_000_000;
      assertThat(span.fromUs() == 0 || inSecondUs < 870_000 || inSecondUs > 970_000)
          .as("slot %d: %s", slot, span)
          .isTrue();
    }
    long first = speech.get(0).fromUs();
    assertThat(first).isLessThan(600_000);
  }
}
