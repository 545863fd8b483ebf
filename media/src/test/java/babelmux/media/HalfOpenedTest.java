package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fails on its way to being open, whatever the failure, leaves nothing behind. */
class HalfOpenedTest {
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private TrackFormat closed;

  @BeforeEach
  void closeAFormat() throws Exception {
    try (AacEncoder encoder = new AacEncoder(48_000, 2, 128_000)) {
      closed = encoder.format().copy();
    }
    closed.close();
    assertThat(Natives.live()).isZero();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(Natives.live()).isZero();
  }

  @Test
  void aDecoder() {
    assertThatThrownBy(() -> new AudioStreamDecoder(closed)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void aFragment() {
    assertThatThrownBy(() -> FragmentM4a.of(List.of(), closed, 0, 1024, 1024))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void aSink() {
    assertThatThrownBy(
            () ->
                Sink.open(
                    folder.resolve("out.mp4").toString(),
                    null,
                    closed,
                    SinkOptions.defaults(),
                    new Sink.Opening()))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void anEncoder() {
    assertThatThrownBy(() -> new AacEncoder(12_345, 2, 128_000))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("12345 Hz");
  }

  @Test
  void librariesThatCannotBeLoadedAreOneLine() {
    LinkageError reason =
        new ExceptionInInitializerError(
            new UnsatisfiedLinkError("no jniavutil in java.library.path: /a\n/b"));
    assertThat(Natives.unloadable(reason))
        .hasMessageStartingWith("cannot load FFmpeg's libraries for ")
        .hasMessageEndingWith("no jniavutil in java.library.path: /a");
  }
}
