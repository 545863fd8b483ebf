package babelmux.worker.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTargetTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "out.mp4",
        "/a/out.mp4",
        "file:/a/out.mp4",
        "file:///a/out.mp4",
        "FILE:///a/out.mp4"
      })
  void aFileIsWrittenAnewAndHasTheLimitsOfFiles(String url) {
    for (DestinationTarget target :
        new DestinationTarget[] {DestinationTarget.at(url), DestinationTarget.withKey(url)}) {
      assertThat(target.isFile()).isTrue();
      assertThat(target.opener()).isInstanceOf(FileOpener.class);
      assertThat(DestinationOptions.ofFurther(target)).isEqualTo(DestinationOptions.ofFile());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rtmp://host/live/key", "RTMP://host/live/key", "srt://host:1?streamid=a"})
  void aServerIsNone(String url) {
    DestinationTarget target = DestinationTarget.withKey(url);
    assertThat(target.isFile()).isFalse();
    assertThat(target.opener()).isNotInstanceOf(FileOpener.class);
    assertThat(DestinationOptions.ofFurther(target)).isNotEqualTo(DestinationOptions.ofFile());
  }
}
