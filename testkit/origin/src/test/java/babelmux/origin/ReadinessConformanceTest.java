package babelmux.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** When a path becomes ready, and what is seen until then. */
@Tag("slow")
@ParameterizedClass
@MethodSource("babelmux.origin.ServerUnderTest#kinds")
@ExtendWith(ServerUnderTest.Lifecycle.class)
@Execution(ExecutionMode.CONCURRENT)
class ReadinessConformanceTest {
  private final ServerUnderTest sut;

  ReadinessConformanceTest(ServerUnderTest.Kind kind) {
    sut = ServerUnderTest.of(kind);
  }

  @Test
  void aPlainPublishIsAnalysedForTwoSecondsAndInvisibleUntilThen() {
    String path = "live/" + ServerUnderTest.id("plain") + "/in";
    try (MediaTask publisher =
        StreamPublisher.publish(TestMedia.h264Aac(), sut.main.rtmpUrl() + "/" + path, 0)) {
      long start = System.nanoTime();
      await()
          .atMost(Duration.ofSeconds(8))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> sut.api.ready(path) || !publisher.isRunning());
      long tookMs = (System.nanoTime() - start) / 1_000_000;
      assertThat(tookMs)
          .as("ready after, ms; ffmpeg: %s", publisher.said())
          .isBetween(1700L, 7000L);
    }
  }

  @Test
  void aFirstTimestampOfThreeSecondsIsReadyAtOnce() throws Exception {
    String id = ServerUnderTest.id("offset");
    try (MediaTask publisher =
        MediaTask.start(
            "-re",
            "-i",
            TestMedia.h264Aac().toString(),
            "-t",
            "1",
            "-c",
            "copy",
            "-output_ts_offset",
            "3",
            "-f",
            "flv",
            sut.main.rtmpUrl() + "/live/" + id + "/in")) {
      // One second of media is no 2 s of analysis: only its start time makes it ready.
      await().atMost(Duration.ofSeconds(10)).until(() -> sut.hooks.runs(id, "ready").size() == 1);
      assertThat(publisher.await(Duration.ofSeconds(10))).isTrue();
      assertThat(publisher.said()).isEmpty();
    }
    String raw = ServerUnderTest.id("offset");
    try (RawRtmpClient publisher =
        RawRtmpClient.publisher(sut.main.rtmpUrl(), "live/" + raw, "in")) {
      publisher.send(TestMedia.headers());
      publisher.send(TestMedia.media(2000, 1));
      await().until(() -> sut.api.ready(ServerUnderTest.path(raw)));
    }
  }

  @Test
  void theAnalysisCountsMediaTimeFromTheFirstMessage() throws Exception {
    String id = ServerUnderTest.id("media-time");
    String path = "live/" + id + "/in";
    try (RawRtmpClient publisher =
        RawRtmpClient.publisher(sut.main.rtmpUrl(), "live/" + id, "in")) {
      publisher.send(TestMedia.headers());
      publisher.send(TestMedia.media(0, 1900));
      RawMessage sound =
          TestMedia.media(0, 1000).stream().filter(RawMessage::audio).findFirst().orElseThrow();
      publisher.send(sound.at(1999));
      await()
          .untilAsserted(
              () ->
                  assertThat(connection(publisher).getLong("inboundBytes"))
                      .as("everything arrived")
                      .isGreaterThan(20_000));
      assertThat(connection(publisher).getString("state")).isEqualTo("idle");
      assertThat(connection(publisher).getString("path")).isEmpty();
      ApiClient.Answer answer = sut.api.get("/v3/paths/get/" + path);
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body())
          .isEqualTo(new JsonObject().put("status", "error").put("error", "path not found"));
      assertThat(sut.api.listed(path)).isFalse();

      publisher.send(sound.at(2000));
      await().atMost(Duration.ofSeconds(10)).until(() -> sut.api.ready(path));
      assertThat(sut.api.listed(path)).isTrue();
      assertThat(connection(publisher).getString("state")).isEqualTo("publish");
      assertThat(connection(publisher).getString("path")).isEqualTo(path);
    }
  }

  @Test
  void aPublisherWithoutCodecHeadersIsClosedAfterTheAnalysis() throws Exception {
    String id = ServerUnderTest.id("no-tracks");
    try (RawRtmpClient publisher =
        RawRtmpClient.publisher(sut.main.rtmpUrl(), "live/" + id, "in")) {
      List<RawMessage> pictures =
          TestMedia.media(0, 3000).stream().filter(RawMessage::video).toList();
      try {
        publisher.send(pictures);
      } catch (IOException closedWhileSending) {
        assertThat(closedWhileSending).hasMessageMatching("(?i).*(broken pipe|reset|closed).*");
      }
      assertThat(publisher.awaitClose(3000)).isTrue();
      assertThat(sut.api.ready("live/" + id + "/in")).isFalse();
    }
  }

  private JsonObject connection(RawRtmpClient client) {
    return sut.api.connection(client.address()).orElseThrow();
  }
}
