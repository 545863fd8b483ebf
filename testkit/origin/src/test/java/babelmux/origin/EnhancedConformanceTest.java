package babelmux.origin;

import static babelmux.origin.ServerUnderTest.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamProbe;
import babelmux.testmedia.StreamPublisher;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Enhanced RTMP and multitrack, and readers that do not know them. */
@Tag("slow")
@ParameterizedClass
@MethodSource("babelmux.origin.ServerUnderTest#kinds")
@ExtendWith(ServerUnderTest.Lifecycle.class)
@Execution(ExecutionMode.CONCURRENT)
class EnhancedConformanceTest {
  private final ServerUnderTest sut;

  EnhancedConformanceTest(ServerUnderTest.Kind kind) {
    sut = ServerUnderTest.of(kind);
  }

  @Test
  void av1AndOpusReachAReaderThatAnnouncesThemAndNoOther() throws Exception {
    String id = ServerUnderTest.id("av1");
    String url = sut.main.rtmpUrl() + "/" + path(id);
    try (MediaTask publisher = publish(TestMedia.av1Opus(), url)) {
      await().atMost(Duration.ofSeconds(5)).until(() -> sut.api.ready(path(id)));
      assertThat(sut.api.path(path(id)).orElseThrow().getJsonArray("tracks"))
          .isEqualTo(new JsonArray().add("AV1").add("Opus"));
      try (RawRtmpClient classic = new RawRtmpClient(sut.main.rtmpUrl(), "live/" + id)) {
        classic.connect();
        classic.command("play", 1, null, "in");
        assertThat(classic.awaitClose(3000)).isTrue();
      }
      String printed = probe(url, "av01,Opus");
      assertThat(printed).contains("Video: av1").contains("Audio: opus");
      assertThat(publisher.isRunning()).as(publisher.said()).isTrue();
    }
  }

  @Test
  void bothAudioTracksReachAReaderThatAnnouncesEnhancedCodecsElseOne() throws IOException {
    String id = ServerUnderTest.id("multi");
    String url = sut.main.rtmpUrl() + "/" + path(id);
    try (MediaTask publisher = publish(TestMedia.multitrack(), url)) {
      await().atMost(Duration.ofSeconds(5)).until(() -> sut.api.ready(path(id)));
      assertThat(sut.api.path(path(id)).orElseThrow().getJsonArray("tracks"))
          .isEqualTo(new JsonArray().add("H264").add("MPEG-4 Audio").add("MPEG-4 Audio"));
      String both = probe(url, "avc1,mp4a");
      assertThat(both.split("Audio: aac", -1)).as(both).hasSizeGreaterThanOrEqualTo(3);
      assertThat(both).contains("Video: h264").contains("mono").contains("stereo");
      String classic = probe(url, "");
      assertThat(classic).contains("Video: h264").contains("stereo").doesNotContain("mono");
      assertThat(publisher.isRunning()).as(publisher.said()).isTrue();
    }
  }

  private static MediaTask publish(Path file, String url) {
    return StreamPublisher.loop(file, url, 3, Duration.ofSeconds(24));
  }

  /** The tracks that a reader gets which announces these codecs. */
  private static String probe(String url, String enhanced) throws IOException {
    return String.join(
        "; ",
        StreamProbe.tracks(
            url, enhanced.isEmpty() ? Map.of() : Map.of("rtmp_enhanced_codecs", enhanced)));
  }
}
