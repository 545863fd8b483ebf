package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.app.LocalStackFactory;
import babelmux.demo.LocalStack;
import babelmux.demo.Web;
import babelmux.origin.EmbeddedOrigin;
import babelmux.origin.FreePort;
import babelmux.origin.MediaMtxProcess;
import babelmux.origin.MediaServer;
import babelmux.origin.OriginConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Streams that are posted, from the source's first packet to the output, over a restart. */
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
@Timeout(120)
class PostedStreamIT {
  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path state;

  @Test
  void aSourceOverRtmpIsOnAirAndComesBackAfterARestart() throws Exception {
    String current = Servers.current();
    try (MediaServer server =
            current.equals(Servers.EMBEDDED)
                ? EmbeddedOrigin.start(OriginConfig.defaults())
                : MediaMtxProcess.start(Path.of(current), OriginConfig.defaults());
        MediaTask publisher = publish(server)) {
      String url = server.rtmpUrl() + "/cam/stage";
      int port = FreePort.onLoopback();
      Path copy = state.resolve("destination-stage.copy.json");
      URI streams = URI.create("http://127.0.0.1:" + port + "/v1/streams");
      try (LocalStack.Worker worker = LocalStackFactory.worker(settings(server, port))) {
        assertThat(worker).isNotNull();
        assertThat(post(streams, "stage", url)).isEqualTo(201);
        assertThat(post(streams, "stage", url)).isEqualTo(409);
        assertThat(post(streams, "other", "rtmp://192.0.2.1/a/b")).isEqualTo(403);
        awaitOnAir(streams + "/stage");
        assertThat(addCopy(streams, server.rtmpUrl() + "/cam/k3y")).isEqualTo(201);
        awaitCopy(streams + "/stage");
      }
      try (LocalStack.Worker again = LocalStackFactory.worker(settings(server, port))) {
        assertThat(again).isNotNull();
        awaitOnAir(streams + "/stage");
        awaitCopy(streams + "/stage");
        assertThat(delete(URI.create(streams + "/stage/destinations/copy"))).isEqualTo(202);
        assertThat(copy).doesNotExist();
        endNow(streams, "stage");
      }
      assertThat(publisher.said()).isEmpty();
    }
    assertThat(state.resolve("stream-stage.json")).doesNotExist();
  }

  private int addCopy(URI streams, String url) throws Exception {
    String body = "{\"name\": \"copy\", \"url\": \"%s\"}".formatted(url);
    return post(URI.create(streams + "/stage/destinations"), body);
  }

  private static void awaitCopy(String stream) {
    Running.await(
        "the copy is sent",
        Duration.ofSeconds(40),
        () -> {
          JsonNode copy = Web.json(stream).at("/destinations/1");
          return copy.path("name").asText().equals("copy") && copy.path("bytes").asLong() > 50_000;
        });
  }

  @Test
  void sourcesOverRtspAndSrtAreOnAir() throws Exception {
    Path program = Path.of(Servers.realOrSkip());
    int rtsp = FreePort.onLoopback();
    int srt;
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      srt = free.getLocalPort();
    }
    int port = FreePort.onLoopback();
    OriginConfig config = OriginConfig.builder().rtspPort(rtsp).srtPort(srt).build();
    try (MediaServer server = MediaMtxProcess.start(program, config);
        MediaTask publisher = publish(server);
        LocalStack.Worker worker = LocalStackFactory.worker(settings(server, port))) {
      assertThat(worker).isNotNull();
      URI streams = URI.create("http://127.0.0.1:" + port + "/v1/streams");
      Map<String, String> urls = new LinkedHashMap<>();
      urls.put("rtsp", "rtsp://localhost:" + rtsp + "/cam/stage");
      urls.put("srt", "srt://127.0.0.1:" + srt + "?streamid=read:cam/stage");
      for (Map.Entry<String, String> source : urls.entrySet()) {
        assertThat(post(streams, source.getKey(), source.getValue())).isEqualTo(201);
      }
      for (String id : urls.keySet()) {
        awaitOnAir(streams + "/" + id);
        endNow(streams, id);
      }
      assertThat(publisher.said()).isEmpty();
    }
  }

  private static MediaTask publish(MediaServer server) throws Exception {
    MediaTask publisher =
        StreamPublisher.publish(Films.counting(), server.rtmpUrl() + "/cam/stage", 3);
    Running.await(
        "the source is there",
        Duration.ofSeconds(20),
        () -> Web.json(server.apiUrl() + "/v3/paths/get/cam/stage").path("ready").asBoolean());
    return publisher;
  }

  private Map<String, String> settings(MediaServer server, int port) {
    Map<String, String> settings = new HashMap<>();
    settings.put("http.port", Integer.toString(port));
    settings.put("mediamtx.rtmp-url", server.rtmpUrl().toString());
    settings.put("mediamtx.api-url", server.apiUrl().toString());
    // Often enough to end a stream that MediaMTX does not list, if that were to happen.
    settings.put("mediamtx.reconcile-interval", "500ms");
    settings.put("sts.skip", "true");
    settings.put("delay", "6500ms");
    settings.put("sources.allow", "127.0.0.1");
    settings.put("output.destinations-allow", "127.0.0.1");
    settings.put("state-dir", state.toString());
    return settings;
  }

  private int post(URI streams, String id, String source) throws Exception {
    return post(streams, "{\"streamId\": \"%s\", \"sourceUrl\": \"%s\"}".formatted(id, source));
  }

  private int post(URI url, String body) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static void awaitOnAir(String stream) {
    Running.await(
        stream + " is on air",
        Duration.ofSeconds(40),
        () -> {
          JsonNode status = Web.json(stream);
          return status.path("state").asText().equals("LIVE")
              && status.at("/media/videoCodec").asText().equals("h264")
              && status.at("/destinations/0/bytes").asLong() > 100_000;
        });
  }

  private int delete(URI url) throws Exception {
    return client
        .send(HttpRequest.newBuilder(url).DELETE().build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private void endNow(URI streams, String id) throws Exception {
    assertThat(delete(URI.create(streams + "/" + id + "?now=true"))).isEqualTo(202);
    Running.await(
        id + " is over",
        Duration.ofSeconds(10),
        () -> Web.json(streams + "/" + id).path("state").asText().equals("ENDED"));
  }
}
