package babelmux.worker.captions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WebVttTest {
  @Test
  void aCueHasItsTimesInTheFile() {
    Cue cue = new Cue(3_661_234_567L + 3_000_000, 3_662_000_000L + 3_000_000, List.of("a", "b"));
    assertThat(WebVtt.of(cue, 3_000_000)).isEqualTo("01:01:01.234 --> 01:01:02.000\na\nb\n\n");
  }

  @Test
  void aCueThatBeganBeforeTheFileBeginsWithIt() {
    assertThat(WebVtt.of(new Cue(1_000_000, 5_000_000, List.of("a")), 3_000_000))
        .startsWith("00:00:00.000 --> 00:00:02.000\n");
  }

  @Test
  void aCueEndsAfterItsStart() {
    assertThat(WebVtt.of(new Cue(1_000_100, 1_000_200, List.of("a")), 0))
        .startsWith("00:00:01.000 --> 00:00:01.001\n");
  }

  @Test
  void textIsNeverMarkupOrTimes() {
    assertThat(WebVtt.escape("a --> b <i>&amp;")).isEqualTo("a --&gt; b &lt;i&gt;&amp;amp;");
  }
}
