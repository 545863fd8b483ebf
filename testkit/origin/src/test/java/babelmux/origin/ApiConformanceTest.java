package babelmux.origin;

import static babelmux.origin.ServerUnderTest.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The Control API: fields, pages, refusals. */
@Tag("slow")
@ParameterizedClass
@MethodSource("babelmux.origin.ServerUnderTest#kinds")
@ExtendWith(ServerUnderTest.Lifecycle.class)
@Execution(ExecutionMode.CONCURRENT)
class ApiConformanceTest {
  private final ServerUnderTest sut;

  ApiConformanceTest(ServerUnderTest.Kind kind) {
    sut = ServerUnderTest.of(kind);
  }

  @Test
  void infoNamesTheVersion() {
    JsonObject info = sut.api.get("/v3/info").body();
    assertThat(info.fieldNames()).contains("version", "started");
    assertThat(info.getString("version")).startsWith("v1.");
    assertThat(time(info, "started")).isBefore(Instant.now().plusSeconds(1));
  }

  @Test
  void aPathHasAllFields() throws IOException {
    String id = ServerUnderTest.id("fields");
    try (RawRtmpClient publisher = sut.publisher(id);
        RawRtmpClient reader = sut.reader(id)) {
      sut.awaitReaders(id, 1);
      JsonObject item = sut.api.path(path(id)).orElseThrow();
      assertThat(item.fieldNames())
          .containsExactlyInAnyOrder(
              "name",
              "confName",
              "ready",
              "readyTime",
              "available",
              "availableTime",
              "online",
              "onlineTime",
              "source",
              "tracks",
              "tracks2",
              "readers",
              "inboundBytes",
              "outboundBytes",
              "inboundFramesInError",
              "bytesReceived",
              "bytesSent");
      assertThat(item.getString("name")).isEqualTo(path(id));
      assertThat(item.getString("confName")).isEqualTo("~^live/([A-Za-z0-9_-]+)/in$");
      assertThat(item.getBoolean("available")).isTrue();
      assertThat(item.getBoolean("online")).isTrue();
      assertThat(time(item, "readyTime"))
          .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
      assertThat(item.getJsonArray("tracks"))
          .isEqualTo(new JsonArray().add("H264").add("MPEG-4 Audio"));
      JsonObject video = item.getJsonArray("tracks2").getJsonObject(0);
      assertThat(video.getString("codec")).isEqualTo("H264");
      JsonObject picture = video.getJsonObject("codecProps");
      assertThat(picture.getInteger("width")).isEqualTo(320);
      assertThat(picture.getInteger("height")).isEqualTo(180);
      assertThat(picture.getString("profile")).isIn("Baseline", "High");
      assertThat(picture.getString("level")).isNotEmpty();
      assertThat(item.getJsonArray("tracks2").getJsonObject(1).getJsonObject("codecProps"))
          .isEqualTo(new JsonObject().put("sampleRate", 48000).put("channelCount", 2));
      assertThat(item.getJsonObject("source"))
          .isEqualTo(
              new JsonObject()
                  .put("type", "rtmpConn")
                  .put("id", connection(publisher).getString("id")));
      assertThat(item.getJsonArray("readers"))
          .isEqualTo(
              new JsonArray()
                  .add(
                      new JsonObject()
                          .put("type", "rtmpConn")
                          .put("id", connection(reader).getString("id"))));
      publisher.send(TestMedia.media(2050, 500));
      await().until(() -> sut.api.path(path(id)).orElseThrow().getLong("bytesReceived") > 10_000);
      await().until(() -> sut.api.path(path(id)).orElseThrow().getLong("outboundBytes") > 1000);
    }
  }

  @Test
  void aConnectionHasAllFields() throws IOException {
    String id = ServerUnderTest.id("conn");
    try (RawRtmpClient publisher = sut.strictPublisher(id)) {
      // The server may still have to read what was sent, and disconnects who is silent for 3 s.
      AtomicLong sentMs = new AtomicLong(2050);
      JsonObject item =
          await()
              .until(
                  () -> {
                    publisher.send(TestMedia.media(sentMs.getAndAdd(50), 50));
                    return sut.strictApi.connection(publisher.address()).orElseGet(JsonObject::new);
                  },
                  found ->
                      found.getString("state", "").equals("publish")
                          && found.getLong("inboundBytes") > 10_000);
      assertThat(item.fieldNames())
          .containsExactlyInAnyOrder(
              "id",
              "created",
              "remoteAddr",
              "state",
              "path",
              "query",
              "user",
              "userAgent",
              "inboundBytes",
              "outboundBytes",
              "outboundFramesDiscarded",
              "bytesReceived",
              "bytesSent");
      assertThat(item.getString("state")).isEqualTo("publish");
      assertThat(item.getString("path")).isEqualTo(path(id));
      assertThat(item.getString("user")).isEqualTo("pub");
      assertThat(item.getString("userAgent")).isEqualTo("raw test");
      assertThat(item.getLong("inboundBytes")).isGreaterThan(10_000);
      assertThat(item.getLong("outboundBytes")).isGreaterThan(3000);
      assertThat(item.getLong("outboundFramesDiscarded")).isZero();
      assertThat(time(item, "created")).isBefore(Instant.now().plusSeconds(1));
      assertThat(
              sut.strictApi
                  .get("/v3/rtmpconns/get/" + item.getString("id"))
                  .body()
                  .getString("remoteAddr"))
          .isEqualTo(publisher.address());
    }
  }

  @Test
  void listsHavePages() throws IOException {
    String first = ServerUnderTest.id("page");
    String second = ServerUnderTest.id("page");
    try (RawRtmpClient one = sut.publisher(first);
        RawRtmpClient two = sut.publisher(second)) {
      assertThat(one.address()).isNotEqualTo(two.address());
      JsonObject all = sut.api.get("/v3/paths/list").body();
      assertThat(all.fieldNames()).containsExactlyInAnyOrder("itemCount", "pageCount", "items");
      JsonObject page = sut.api.get("/v3/paths/list?itemsPerPage=1&page=1").body();
      assertThat(page.getInteger("itemCount")).isGreaterThanOrEqualTo(2);
      assertThat(page.getInteger("pageCount")).isEqualTo(page.getInteger("itemCount"));
      assertThat(page.getJsonArray("items")).hasSize(1);
      JsonObject beyond = sut.api.get("/v3/paths/list?itemsPerPage=1&page=1000").body();
      assertThat(beyond.getJsonArray("items")).isEmpty();
      assertThat(beyond.getInteger("pageCount")).isGreaterThanOrEqualTo(2);
    }
    ApiClient.Answer zero = sut.api.get("/v3/paths/list?itemsPerPage=0");
    assertThat(zero.status()).isEqualTo(400);
    assertThat(zero.body())
        .isEqualTo(new JsonObject().put("status", "error").put("error", "invalid items per page"));
    assertThat(sut.api.get("/v3/paths/list?page=x").body().getString("error"))
        .isEqualTo("strconv.ParseUint: parsing \"x\": invalid syntax");
    assertThat(sut.api.get("/v3/rtmpconns/list?page=-1").status()).isEqualTo(400);
  }

  @Test
  void withoutCredentialsTheAnswerIs401() throws IOException {
    ApiClient.Answer nobody = new ApiClient(sut.strict.apiUrl(), null).get("/v3/paths/list");
    assertThat(nobody.status()).isEqualTo(401);
    assertThat(nobody.body())
        .isEqualTo(new JsonObject().put("status", "error").put("error", "authentication error"));
    HttpURLConnection plain =
        (HttpURLConnection) sut.strict.apiUrl().resolve("/v3/paths/list").toURL().openConnection();
    assertThat(plain.getResponseCode()).isEqualTo(401);
    assertThat(plain.getHeaderField("WWW-Authenticate")).isEqualTo("Basic realm=\"mediamtx\"");
    Credentials wrong = new Credentials("ops", "wrong");
    assertThat(new ApiClient(sut.strict.apiUrl(), wrong).get("/v3/info").status()).isEqualTo(401);
    assertThat(sut.strictApi.get("/v3/paths/list").status()).isEqualTo(200);
  }

  @Test
  void whatIsNotThereIs404() {
    ApiClient.Answer path = sut.api.get("/v3/paths/get/live/nobody/in");
    assertThat(path.status()).isEqualTo(404);
    assertThat(path.body())
        .isEqualTo(new JsonObject().put("status", "error").put("error", "path not found"));
    assertThat(sut.api.get("/v3/rtmpconns/get/nonsense").status()).isEqualTo(400);
    assertThat(sut.api.get("/v3/nothing").status()).isEqualTo(404);
  }

  private JsonObject connection(RawRtmpClient client) {
    return sut.api.connection(client.address()).orElseThrow();
  }

  private static Instant time(JsonObject object, String field) {
    return OffsetDateTime.parse(object.getString(field)).toInstant();
  }
}
