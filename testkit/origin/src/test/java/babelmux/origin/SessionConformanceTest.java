package babelmux.origin;

import static babelmux.origin.ServerUnderTest.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import babelmux.testmedia.StreamRecorder;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Who comes, who goes, who is disconnected. */
@Tag("slow")
@ParameterizedClass
@MethodSource("babelmux.origin.ServerUnderTest#kinds")
@ExtendWith(ServerUnderTest.Lifecycle.class)
@Execution(ExecutionMode.CONCURRENT)
class SessionConformanceTest {
  private final ServerUnderTest sut;

  SessionConformanceTest(ServerUnderTest.Kind kind) {
    sut = ServerUnderTest.of(kind);
  }

  @Test
  void readersGetEndOfFileAtOnceWhenThePublisherGoes() throws Exception {
    String id = ServerUnderTest.id("gone");
    try (RawRtmpClient publisher = sut.publisher(id);
        RawRtmpClient one = sut.reader(id);
        RawRtmpClient two = sut.reader(id)) {
      sut.awaitReaders(id, 2);
      publisher.hangUp();
      long start = System.nanoTime();
      assertThat(one.awaitClose(1500)).isTrue();
      assertThat(two.awaitClose(1500)).isTrue();
      assertThat((System.nanoTime() - start) / 1_000_000).as("ms").isLessThan(1000);
      await().until(() -> !sut.api.listed(path(id)));
      assertThat(sut.api.get("/v3/paths/get/" + path(id)).status()).isEqualTo(404);
    }
  }

  @Test
  void aKilledFfmpegEndsItsReadersLikeACleanEnd(@TempDir Path folder) throws Exception {
    String id = ServerUnderTest.id("kill9");
    String url = sut.main.rtmpUrl() + "/" + path(id);
    try (MediaTask publisher = StreamPublisher.publish(TestMedia.h264Aac(), url, 3)) {
      await().until(() -> sut.api.ready(path(id)));
      try (MediaTask reader = StreamRecorder.record(url, folder.resolve("out.flv"))) {
        await().until(() -> reader.packets() > 5);
        publisher.kill();
        assertThat(reader.await(Duration.ofSeconds(3))).isTrue();
        assertThat(reader.said()).isEmpty();
      }
    }
  }

  @Test
  void readingAPathThatIsNotThereEndsAtOnce() throws Exception {
    try (RawRtmpClient reader = new RawRtmpClient(sut.main.rtmpUrl(), "live/nobody")) {
      reader.connect();
      long start = System.nanoTime();
      reader.command("play", 1, null, "in");
      assertThat(reader.awaitClose(2000)).isTrue();
      assertThat((System.nanoTime() - start) / 1_000_000).as("ms").isLessThan(1000);
    }
    try (MediaTask ffmpeg =
        MediaTask.start(
            "-i", sut.main.rtmpUrl() + "/live/nobody/in", "-c", "copy", "-f", "null", "-")) {
      assertThat(ffmpeg.await(Duration.ofSeconds(8))).isTrue();
      assertThat(ffmpeg.said()).containsAnyOf("Input/output error", "End of file");
    }
  }

  @Test
  void aSecondPublisherTakesThePathOver() throws Exception {
    String id = ServerUnderTest.id("override");
    try (RawRtmpClient first = sut.publisher(id);
        RawRtmpClient reader = sut.reader(id)) {
      sut.awaitReaders(id, 1);
      String firstId = sourceId(id);
      try (RawRtmpClient second = RawRtmpClient.publisher(sut.main.rtmpUrl(), "live/" + id, "in")) {
        second.send(TestMedia.headers());
        second.send(TestMedia.media(0, 1900));
        assertThat(sourceId(id))
            .as("the first goes on while the second is analysed")
            .isEqualTo(firstId);
        second.send(TestMedia.media(0, 2050).stream().filter(m -> m.timestampMs >= 1900).toList());
        assertThat(first.awaitClose(3000)).isTrue();
        assertThat(reader.awaitClose(3000)).isTrue();
        await().until(() -> sut.api.ready(path(id)));
        String secondId = sourceId(id);
        assertThat(secondId).isNotEqualTo(firstId);
        await().until(() -> sut.hooks.runs(id, "ready").size() == 2);
        await().until(() -> sut.hooks.runs(id, "notready").size() == 1);
        assertThat(ids(id, "ready")).containsExactlyInAnyOrder(firstId, secondId);
        assertThat(ids(id, "notready")).containsExactly(firstId);
      }
    }
    await().until(() -> sut.hooks.runs(id, "notready").size() == 2);
  }

  @Test
  void withoutOverrideTheSecondIsAcceptedAndClosedAfterTheAnalysis() throws Exception {
    String id = ServerUnderTest.id("busy");
    try (RawRtmpClient first = sut.strictPublisher(id)) {
      String firstId =
          sut.strictApi.path(path(id)).orElseThrow().getJsonObject("source").getString("id");
      try (RawRtmpClient second =
          RawRtmpClient.publisher(
              sut.strict.rtmpUrl(),
              "live/" + id,
              "in?" + ServerUnderTest.query(ServerUnderTest.PUBLISHER))) {
        second.send(TestMedia.headers());
        second.send(TestMedia.media(0, 1000));
        second.sendAsFarAsTaken(
            TestMedia.media(0, 2050).stream().filter(m -> m.timestampMs >= 1000).toList());
        assertThat(second.awaitClose(2000)).isTrue();
      }
      first.send(TestMedia.media(2050, 100));
      JsonObject source = sut.strictApi.path(path(id)).orElseThrow().getJsonObject("source");
      assertThat(source.getString("id")).isEqualTo(firstId);
    }
  }

  @Test
  void aSilentPublisherIsThrownOutWithItsReaders() throws Exception {
    String id = ServerUnderTest.id("silent");
    try (RawRtmpClient publisher = sut.strictPublisher(id);
        RawRtmpClient reader =
            RawRtmpClient.reader(
                sut.strict.rtmpUrl(),
                "live/" + id,
                "in?" + ServerUnderTest.query(ServerUnderTest.READER))) {
      long start = System.nanoTime();
      assertThat(publisher.awaitClose(8000)).isTrue();
      assertThat((System.nanoTime() - start) / 1_000_000).as("ms").isBetween(2000L, 7000L);
      assertThat(reader.awaitClose(1000)).isTrue();
      await().until(() -> !sut.strictApi.ready(path(id)));
    }
  }

  @Test
  void aPublisherThatNeverStartsIsClosedAfterTheReadTimeout() throws Exception {
    try (RawRtmpClient client = new RawRtmpClient(sut.strict.rtmpUrl(), "live/never")) {
      long start = System.nanoTime();
      assertThat(client.awaitClose(8000)).isTrue();
      assertThat((System.nanoTime() - start) / 1_000_000).as("ms").isBetween(2000L, 7000L);
    }
  }

  @Test
  void wrongCredentialsAreRefusedWithTheirStatus() throws Exception {
    String id = ServerUnderTest.id("auth");
    assertRefused("publish", "in", id, "NetStream.Publish.Unauthorized");
    assertRefused("publish", "in?user=pub&pass=wrong", id, "NetStream.Publish.Unauthorized");
    try (RawRtmpClient publisher = sut.strictPublisher(id)) {
      assertThat(publisher).isNotNull();
      assertRefused(
          "play",
          "in?" + ServerUnderTest.query(ServerUnderTest.PUBLISHER),
          id,
          "NetStream.Play.Failed");
    }
  }

  @Test
  void ffmpegSaysWhyItWasRefused() throws Exception {
    String url = sut.strict.rtmpUrl() + "/live/refused/in?user=pub&pass=wrong";
    try (MediaTask ffmpeg =
        MediaTask.start("-i", TestMedia.h264Aac().toString(), "-c", "copy", "-f", "flv", url)) {
      assertThat(ffmpeg.await(Duration.ofSeconds(15))).isTrue();
      assertThat(ffmpeg.said())
          .contains("Server error: authentication failed", "Operation not permitted");
    }
  }

  @Test
  void aReaderThatTakesNothingIsClosedAfterTheWriteTimeout() throws Exception {
    String id = ServerUnderTest.id("blocked");
    try (RawRtmpClient publisher = sut.strictPublisher(id);
        RawRtmpClient blocked = new RawRtmpClient(sut.strict.rtmpUrl(), "live/" + id, 4096)) {
      blocked.handshake();
      blocked.connect();
      blocked.command("play", 1, null, "in?" + ServerUnderTest.query(ServerUnderTest.READER));
      blocked.awaitStatus("NetStream.Play.PublishNotify");
      publisher.setChunkSize(65_536);
      RawMessage keyframe =
          TestMedia.media(0, 100).stream().filter(RawMessage::keyframe).findFirst().orElseThrow();
      AtomicLong time = new AtomicLong(2100);
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                for (int i = 0; i < 100; i++) {
                  publisher.send(keyframe.at(time.addAndGet(10)));
                }
                return sut.strictApi.connection(blocked.address()).isEmpty();
              });
      assertThat(sut.strictApi.ready(path(id))).as("the publisher stays").isTrue();
    }
  }

  @Test
  void aReaderThatIsTooSlowLosesMessagesButStays() throws Exception {
    String id = ServerUnderTest.id("slow");
    try (RawRtmpClient publisher = sut.publisher(id);
        RawRtmpClient slow = new RawRtmpClient(sut.main.rtmpUrl(), "live/" + id, 4096)) {
      slow.handshake();
      slow.connect();
      slow.command("play", 1, null, "in");
      slow.awaitStatus("NetStream.Play.PublishNotify");
      sut.awaitReaders(id, 1);
      publisher.setChunkSize(65_536);
      RawMessage keyframe =
          TestMedia.media(0, 100).stream().filter(RawMessage::keyframe).findFirst().orElseThrow();
      AtomicLong time = new AtomicLong(2100);
      await()
          .atMost(Duration.ofSeconds(8))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .until(
              () -> {
                for (int i = 0; i < 300; i++) {
                  publisher.send(keyframe.at(time.addAndGet(10)));
                }
                return connection(slow).getLong("outboundFramesDiscarded") > 0;
              });
      assertThat(connection(slow).getString("state")).isEqualTo("read");
      assertThat(slow.awaitClose(300)).as("a slow reader is not closed").isFalse();
      assertThat(sut.api.ready(path(id))).isTrue();
    }
  }

  @Test
  void aKickedConnectionIsClosed() throws Exception {
    String id = ServerUnderTest.id("kick");
    try (RawRtmpClient publisher = sut.publisher(id)) {
      String connection = connection(publisher).getString("id");
      ApiClient.Answer kicked = sut.api.call("POST", "/v3/rtmpconns/kick/" + connection);
      assertThat(kicked.status()).isEqualTo(200);
      assertThat(kicked.body()).isEqualTo(new JsonObject().put("status", "ok"));
      assertThat(publisher.awaitClose(2000)).isTrue();
      await().until(() -> !sut.api.ready(path(id)));
      await().until(() -> sut.api.get("/v3/rtmpconns/get/" + connection).status() == 404);
    }
    ApiClient.Answer unknown = sut.api.call("POST", "/v3/rtmpconns/kick/" + UUID.randomUUID());
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.body().getString("error")).isEqualTo("connection not found");
    assertThat(sut.api.call("POST", "/v3/rtmpconns/kick/nonsense").status()).isEqualTo(400);
  }

  private void assertRefused(String command, String name, String id, String code) throws Exception {
    try (RawRtmpClient client = new RawRtmpClient(sut.strict.rtmpUrl(), "live/" + id)) {
      client.connect();
      client.command(command, 1, null, name, "live");
      List<@Nullable Object> status = client.awaitCommand("onStatus");
      assertThat(status.get(3)).isInstanceOf(Map.class);
      Map<?, ?> info = (Map<?, ?>) status.get(3);
      assertThat(info.get("level")).isEqualTo("error");
      assertThat(info.get("code")).isEqualTo(code);
      assertThat(client.awaitClose(8000)).isTrue();
    }
  }

  private List<String> ids(String id, String event) {
    return sut.hooks.runs(id, event).stream()
        .map(run -> run.getOrDefault("MTX_SOURCE_ID", ""))
        .toList();
  }

  private String sourceId(String id) {
    return sut.api.path(path(id)).orElseThrow().getJsonObject("source").getString("id");
  }

  private JsonObject connection(RawRtmpClient client) {
    return sut.api.connection(client.address()).orElseThrow();
  }

  @Test
  void aFallOfTheTimesEndsTheReadersAndNotThePublisher() throws IOException {
    String id = ServerUnderTest.id("falling");
    try (RawRtmpClient publisher = sut.publisher(id);
        RawRtmpClient reader = sut.reader(id)) {
      sut.awaitReaders(id, 1);
      List<RawMessage> later =
          TestMedia.media(0, 4000).stream().filter(m -> m.timestampMs >= 2080).toList();
      publisher.send(later);
      publisher.send(TestMedia.media(0, 1000));
      assertThat(reader.awaitClose(5000)).isTrue();
      assertThat(sut.api.ready(ServerUnderTest.path(id))).isTrue();
    }
  }
}
