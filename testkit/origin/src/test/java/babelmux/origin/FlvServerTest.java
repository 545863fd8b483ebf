package babelmux.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackKind;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** HTTP-FLV of the embedded origin, as a player in a browser reads it. */
@Tag("slow")
class FlvServerTest {
  private static final String PATH = "live/x/in";

  private EmbeddedOrigin origin;
  private ApiClient api;

  @BeforeEach
  void start() {
    TestMedia.make();
    origin = EmbeddedOrigin.start(OriginConfig.defaults());
    api = new ApiClient(origin.apiUrl(), null);
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  @Test
  void aReaderGetsCodecHeadersAndThenMediaFromAKeyframeOnAtThePublishersTimes() throws Exception {
    List<RawMessage> sent =
        TestMedia.media(0, 6000).stream().filter(m -> m.timestampMs >= 2080).toList();
    RawMessage keyframe = sent.stream().filter(RawMessage::keyframe).findFirst().orElseThrow();
    assertThat(sent.get(0)).as("the reader joins within a GOP").isNotSameAs(keyframe);
    try (RawRtmpClient publisher = publisher(0);
        FlvInput reader = new FlvInput(origin.hlsUrl(), PATH)) {
      assertThat(reader.flags).as("audio and video").isEqualTo(5);
      assertThat(reader.header("content-type")).isEqualTo("video/x-flv");
      assertThat(reader.header("access-control-allow-origin")).isEqualTo("*");
      assertThat(reader.header("cache-control")).isEqualTo("no-store");
      assertHeaders(reader);
      publisher.send(sent);
      publisher.hangUp();
      List<RawMessage> got = rest(reader);
      assertThat(got.get(0).keyframe()).isTrue();
      assertThat(got.get(0).timestampMs).isEqualTo(keyframe.timestampMs);
      RelayConformanceTest.assertSameMedia(sent, got);
      // Whatever was sent from the keyframe on is there, to the last.
      assertThat(got)
          .hasSize((int) sent.stream().dropWhile(message -> message != keyframe).count());
    }
  }

  @Test
  void timesAreThePublishersBeyond24Bits() throws Exception {
    long start = 0x12345678L;
    try (RawRtmpClient publisher = publisher(start);
        FlvInput reader = new FlvInput(origin.hlsUrl(), PATH)) {
      assertHeaders(reader);
      List<RawMessage> sent =
          TestMedia.media(start, 4000).stream().filter(m -> m.timestampMs >= start + 2080).toList();
      publisher.send(sent);
      publisher.hangUp();
      RelayConformanceTest.assertSameMedia(sent, rest(reader));
    }
  }

  @Test
  void ourOwnDemuxerReadsIt() throws Exception {
    String url = origin.rtmpUrl() + "/" + PATH;
    List<Long> videoUs = new ArrayList<>();
    List<Long> audioUs = new ArrayList<>();
    try (MediaTask publisher = StreamPublisher.publish(TestMedia.h264Aac(), url, 3)) {
      await().atMost(Duration.ofSeconds(5)).until(() -> api.ready(PATH));
      try (Source source =
          Source.open(origin.hlsUrl() + "/" + PATH + ".flv", SourceOptions.defaults())) {
        boolean more = true;
        while (more) {
          try (Packet packet = source.read()) {
            more = packet != null;
            if (packet != null) {
              boolean video = packet.kind() == TrackKind.VIDEO;
              assertThat(!videoUs.isEmpty() || (video && packet.key()))
                  .as("a keyframe comes first")
                  .isTrue();
              (video ? videoUs : audioUs).add(packet.dtsUs());
            }
          }
        }
        assertThat(String.valueOf(source.video())).contains("h264", "320x180");
        assertThat(String.valueOf(source.audio())).contains("aac", "48000");
      }
      assertThat(publisher.await(Duration.ofSeconds(5))).isTrue();
      assertThat(publisher.said()).isEmpty();
    }
    for (List<Long> times : List.of(videoUs, audioUs)) {
      assertThat(times).isSorted().doesNotHaveDuplicates();
      assertThat(times.get(0)).as("the publisher's own time").isBetween(3_000_000L, 9_000_000L);
      assertThat(times.get(times.size() - 1)).isGreaterThan(10_800_000L);
    }
    long videoGapUs = (videoUs.get(videoUs.size() - 1) - videoUs.get(0)) / (videoUs.size() - 1);
    assertThat(videoGapUs).as("no video packet is missing").isBetween(39_900L, 40_100L);
  }

  @Test
  void aReaderThatDoesNotReadIsDisconnectedAndHarmsNobody() throws Exception {
    try (RawRtmpClient publisher = publisher(0);
        Socket stuck = new Socket();
        FlvInput reader = new FlvInput(origin.hlsUrl(), PATH)) {
      assertHeaders(reader);
      stuck.setReceiveBufferSize(4096);
      request(stuck);
      List<RawMessage> round =
          TestMedia.media(0, 6000).stream().filter(m -> m.timestampMs >= 2400).toList();
      assertThat(round.get(0).keyframe() || round.get(1).keyframe()).isTrue();
      long bytes = 0;
      boolean dropped = false;
      for (int i = 0; !dropped && bytes < 40_000_000; i++) {
        long moved = i * 3600L;
        List<RawMessage> sent = round.stream().map(m -> m.at(m.timestampMs + moved)).toList();
        publisher.send(sent);
        bytes += sent.stream().mapToLong(m -> m.body.length).sum();
        RawMessage last = sent.get(sent.size() - 1);
        RawMessage got;
        do {
          got = reader.next();
          assertThat(got).as("the other reader goes on").isNotNull();
        } while (got.timestampMs < last.timestampMs || got.type != last.type);
        dropped = isReset(stuck);
      }
      assertThat(dropped).as("disconnected after %d bytes", bytes).isTrue();
      assertThat(bytes).isGreaterThan(FlvReader.MAX_UNSENT_BYTES);
      assertThat(publisher.awaitClose(100)).as("the publisher stays").isFalse();
    }
  }

  @Test
  void whatIsNotThereIs404AndAnyPageMayKnow() throws Exception {
    try (RawRtmpClient publisher = publisher(0)) {
      String base = origin.hlsUrl() + "/";
      for (String name : List.of("live/y/in.flv", "live/x/in", "live/x/in/index.m3u8", "")) {
        HttpResponse<String> none = FlvInput.ask("GET", base + name);
        assertThat(none.statusCode()).as(name).isEqualTo(404);
        assertThat(none.headers().firstValue("access-control-allow-origin")).contains("*");
      }
      HttpResponse<String> head = FlvInput.ask("HEAD", base + PATH + ".flv");
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.headers().firstValue("content-type")).contains("video/x-flv");
      assertThat(FlvInput.ask("OPTIONS", base + PATH + ".flv").statusCode()).isEqualTo(204);
      assertThat(FlvInput.ask("POST", base + PATH + ".flv").statusCode()).isEqualTo(405);
      assertThat(publisher.awaitClose(50)).isFalse();
    }
  }

  @Test
  void credentialsAndFaultsOfReadersHoldHereToo() throws Exception {
    origin.close();
    origin =
        EmbeddedOrigin.start(
            OriginConfig.builder()
                .readCredentials(new Credentials("viewer", "geheim"))
                .maxConnections(2)
                .build());
    api = new ApiClient(origin.apiUrl(), null);
    URI server = origin.hlsUrl();
    try (RawRtmpClient publisher = publisher(0)) {
      assertThatThrownBy(() -> new FlvInput(server, PATH)).hasMessage("status 401");
      String url = server + "/" + PATH + ".flv?user=viewer&pass=geheim";
      assertThat(FlvInput.ask("HEAD", url).statusCode()).isEqualTo(200);
      origin.faults().refuseReaders(PATH, true);
      assertThat(FlvInput.ask("HEAD", url).statusCode()).isEqualTo(401);
      assertThat(publisher.awaitClose(50)).isFalse();
    }
  }

  @Test
  void readersAreCountedAndGivenBack() throws Exception {
    origin.close();
    origin = EmbeddedOrigin.start(OriginConfig.builder().maxConnections(2).build());
    api = new ApiClient(origin.apiUrl(), null);
    URI server = origin.hlsUrl();
    try (RawRtmpClient publisher = publisher(0);
        FlvInput stays = new FlvInput(server, PATH)) {
      FlvInput leaves = new FlvInput(server, PATH);
      assertThatThrownBy(() -> new FlvInput(server, PATH)).hasMessage("status 503");
      leaves.close();
      await().ignoreExceptions().until(() -> new FlvInput(server, PATH).flags == 5);
      assertThat(stays.next()).isNotNull();
      assertThat(publisher.awaitClose(50)).isFalse();
    }
  }

  @Test
  void aKillBreaksReadersAndARestartListensOnTheSamePort() throws Exception {
    URI server = origin.hlsUrl();
    try (RawRtmpClient publisher = publisher(0);
        FlvInput reader = new FlvInput(server, PATH)) {
      assertHeaders(reader);
      origin.kill();
      assertThatThrownBy(reader::next).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> new FlvInput(server, PATH)).isInstanceOf(IOException.class);
      assertThat(publisher.awaitClose(2000)).isTrue();
    }
    origin.restart();
    assertThat(origin.hlsUrl()).isEqualTo(server);
    try (RawRtmpClient publisher = publisher(0);
        FlvInput reader = new FlvInput(server, PATH)) {
      assertHeaders(reader);
      publisher.hangUp();
      assertThat(rest(reader)).isEmpty();
    }
  }

  private RawRtmpClient publisher(long startMs) throws IOException {
    RawRtmpClient publisher = RawRtmpClient.publisher(origin.rtmpUrl(), "live/x", "in");
    publisher.send(TestMedia.headers());
    publisher.send(TestMedia.media(startMs, 2050));
    await().until(() -> api.ready(PATH));
    return publisher;
  }

  /** Metadata, and the codec headers of both tracks. */
  private static void assertHeaders(FlvInput reader) throws IOException {
    List<RawMessage> first = List.of(required(reader), required(reader), required(reader));
    assertThat(first.get(0).type).isEqualTo(RawMessage.DATA);
    assertThat(first.subList(1, 3)).allMatch(RawMessage::header);
    assertThat(first.get(1).type).isNotEqualTo(first.get(2).type);
    assertThat(first).allMatch(tag -> tag.timestampMs == 0);
  }

  private static RawMessage required(FlvInput reader) throws IOException {
    RawMessage tag = reader.next();
    if (tag == null) {
      throw new IOException("the answer has ended");
    }
    return tag;
  }

  /** What comes until the answer ends. */
  private static List<RawMessage> rest(FlvInput reader) throws IOException {
    List<RawMessage> tags = new ArrayList<>();
    for (RawMessage tag = reader.next(); tag != null; tag = reader.next()) {
      tags.add(tag);
    }
    return tags;
  }

  private void request(Socket socket) throws IOException {
    URI server = origin.hlsUrl();
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), 5000);
    OutputStream out = socket.getOutputStream();
    out.write(
        ("GET /" + PATH + ".flv HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    // Its first byte tells that it is a reader now.
    assertThat(socket.getInputStream().read()).isEqualTo('H');
  }

  /** Tells whether the peer has closed: a byte that is sent then comes back as a reset. */
  private static boolean isReset(Socket socket) throws IOException {
    try {
      socket.getOutputStream().write('\n');
      return false;
    } catch (SocketException closed) {
      return true;
    }
  }
}
