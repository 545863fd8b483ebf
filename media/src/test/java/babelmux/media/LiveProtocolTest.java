package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiveProtocolTest {
  private static final SourceOptions LIMITS = SourceOptions.defaults();

  @ParameterizedTest
  @CsvSource({
    "rtmp://h/live/a/in, flv, 'rtmp,tcp', false",
    "RTMPS://h/live/a/in, flv, 'rtmps,tls,tcp', false",
    "rtsp://u:p@h:8554/live/a/in, rtsp, 'rtsp,tcp', true",
    "srt://h:8890?streamid=read:live/a/in, mpegts, srt, true"
  })
  void aLiveUrlLeadsToNoOtherProtocol(
      String url, String format, String allowed, boolean isAnalysed) {
    LiveProtocol live = Objects.requireNonNull(LiveProtocol.of(url, LIMITS));
    assertThat(live.format()).isEqualTo(format);
    assertThat(live.allowed()).isEqualTo(allowed);
    assertThat(live.isAnalysed()).isEqualTo(isAnalysed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"film.mp4", "/tmp/rtsp/film.ts", "file:film.mp4", "https://h/film.mp4"})
  void anythingElseIsReadLikeAFile(String url) {
    assertThat(LiveProtocol.of(url, LIMITS)).isNull();
  }

  /** The program's FFmpeg has them; without one of them its URLs would be refused by a setting. */
  @ParameterizedTest
  @ValueSource(strings = {"rtmp", "rtmps", "rtsp", "srt"})
  void theLibrariesHaveTheProtocol(String scheme) {
    assertThatThrownBy(() -> Source.open(scheme + "://127.0.0.1:1/live/a/in", LIMITS))
        .isInstanceOf(MediaException.class)
        .message()
        .doesNotContainIgnoringCase("protocol not found");
  }

  @Test
  void whatIsNotAllowedIsNotOpened() {
    Path film = Path.of("..", "fixtures", "30s-44100-no-bframes.mp4").toAbsolutePath();
    LiveProtocol live = new LiveProtocol("mov", "rtsp,tcp", true, 0, Map.of());
    assertThatThrownBy(() -> new Source.Opening(LIMITS).open("file:" + film, live))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("not on whitelist");
  }
}
