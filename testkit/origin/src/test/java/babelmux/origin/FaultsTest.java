package babelmux.origin;

import static babelmux.origin.ServerUnderTest.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults of the embedded origin: each is seen from outside. */
@Tag("slow")
class FaultsTest {
  private final HookLog hooks = new HookLog();
  private EmbeddedOrigin origin;
  private ApiClient api;

  @BeforeEach
  void start() {
    TestMedia.make();
    origin =
        EmbeddedOrigin.start(
            OriginConfig.builder()
                .onReady(hooks.command("ready"))
                .onNotReady(hooks.command("notready"))
                .hookEnvironment(hooks.environment())
                .maxConnections(4)
                .build());
    api = new ApiClient(origin.apiUrl(), null);
  }

  @AfterEach
  void stop() {
    origin.close();
    origin.close();
    hooks.delete();
  }

  @Test
  void sessionsAreRefused() throws IOException {
    origin.faults().refusePublishers(path("x"), true);
    try (RawRtmpClient client = new RawRtmpClient(origin.rtmpUrl(), "live/x")) {
      client.connect();
      client.command("publish", 1, null, "in", "live");
      client.awaitStatus("NetStream.Publish.Unauthorized");
    }
    origin.faults().clear();
    try (RawRtmpClient publisher = publisher("x")) {
      origin.faults().refuseReaders(path("x"), true);
      try (RawRtmpClient client = new RawRtmpClient(origin.rtmpUrl(), "live/x")) {
        client.connect();
        client.command("play", 1, null, "in");
        client.awaitStatus("NetStream.Play.Failed");
      }
      assertThat(publisher.awaitClose(100)).isFalse();
    }
  }

  @Test
  void readersThatAreKeptGetTheFallingTimes() throws IOException {
    origin.faults().keepReaders(path("x"), true);
    try (RawRtmpClient publisher = publisher("x");
        RawRtmpClient reader = RawRtmpClient.reader(origin.rtmpUrl(), "live/x", "in")) {
      publisher.send(TestMedia.media(9000, 1000));
      publisher.send(TestMedia.media(500, 1000));
      RawMessage message = reader.readAv();
      while (!message.video() || message.timestampMs < 9000) {
        message = reader.readAv();
      }
      while (!message.video() || message.timestampMs > 1500) {
        message = reader.readAv();
      }
      assertThat(message.keyframe()).isTrue();
    }
  }

  @Test
  void aReplacedPublisherHasANewIdAndTheMediaGoesOn() throws IOException {
    try (RawRtmpClient publisher = publisher("x");
        RawRtmpClient reader = RawRtmpClient.reader(origin.rtmpUrl(), "live/x", "in")) {
      String before = source("x");
      assertThat(origin.faults().replacePublisher(path("x"))).isTrue();
      assertThat(reader.awaitClose(2000)).isTrue();
      assertThat(source("x")).isNotEqualTo(before);
      await().until(() -> hooks.runs("x", "ready").size() == 2);
      await().until(() -> hooks.runs("x", "notready").size() == 1);
      assertThat(hooks.runs("x", "notready").get(0)).containsEntry("MTX_SOURCE_ID", before);
      try (RawRtmpClient next = RawRtmpClient.reader(origin.rtmpUrl(), "live/x", "in")) {
        publisher.send(TestMedia.media(2100, 100));
        assertThat(next.readAv().header()).isTrue();
      }
    }
  }

  @Test
  void hooksAreLostAndDoubled() throws IOException {
    origin.faults().hook(HookEvent.READY, HookFault.LOSE, 1);
    origin.faults().hook(HookEvent.NOT_READY, HookFault.DOUBLE, 1);
    publisher("lost").hangUp();
    await().until(() -> hooks.runs("lost", "notready").size() == 2);
    assertThat(hooks.runs("lost", "ready")).isEmpty();
    publisher("next").hangUp();
    await().until(() -> hooks.runs("next", "notready").size() == 1);
    await().until(() -> hooks.runs("next", "ready").size() == 1);
  }

  @Test
  void theApiGoesDownAndComesBackOnItsPort() {
    origin.faults().apiDown(true);
    assertThatThrownBy(() -> api.get("/v3/info")).hasRootCauseInstanceOf(IOException.class);
    origin.faults().apiDown(false);
    assertThat(api.get("/v3/info").status()).isEqualTo(200);
    origin.faults().apiStatus(503);
    assertThat(api.get("/v3/info").status()).isEqualTo(503);
    origin.faults().clear();
    origin.faults().apiDelay(Duration.ofMillis(400));
    long start = System.nanoTime();
    assertThat(api.get("/v3/info").status()).isEqualTo(200);
    assertThat((System.nanoTime() - start) / 1_000_000).isGreaterThan(390);
  }

  @Test
  void connectionsAreBounded() throws IOException {
    try (RawRtmpClient one = new RawRtmpClient(origin.rtmpUrl(), "a");
        RawRtmpClient two = new RawRtmpClient(origin.rtmpUrl(), "a");
        RawRtmpClient three = new RawRtmpClient(origin.rtmpUrl(), "a");
        RawRtmpClient four = new RawRtmpClient(origin.rtmpUrl(), "a")) {
      assertThatThrownBy(() -> new RawRtmpClient(origin.rtmpUrl(), "a"))
          .isInstanceOf(IOException.class);
      for (RawRtmpClient client : List.of(one, two, three, four)) {
        assertThat(api.connection(client.address())).isPresent();
      }
    }
    await().untilAsserted(() -> new RawRtmpClient(origin.rtmpUrl(), "a").hangUp());
  }

  private RawRtmpClient publisher(String id) throws IOException {
    RawRtmpClient publisher = RawRtmpClient.publisher(origin.rtmpUrl(), "live/" + id, "in");
    publisher.send(TestMedia.headers());
    publisher.send(TestMedia.media(0, 2050));
    await().until(() -> api.ready(path(id)));
    return publisher;
  }

  private String source(String id) {
    return api.path(path(id)).orElseThrow().getJsonObject("source").getString("id");
  }
}
