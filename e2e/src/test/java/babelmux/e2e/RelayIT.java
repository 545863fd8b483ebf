package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.demo.Web;
import babelmux.faultproxy.FaultProxy;
import babelmux.origin.MediaMtxProcess;
import babelmux.origin.MediaServer;
import babelmux.origin.OriginConfig;
import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** {@code babelmux relay} of the built distribution, from a server to servers and files. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(value = Machine.STREAMS, mode = ResourceAccessMode.READ)
class RelayIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long ROUNDING_US = 2_000;

  @SuppressWarnings("NullAway.Init") // before all
  private Path folder;

  @SuppressWarnings("NullAway.Init") // before all
  private MediaServer server;

  @BeforeAll
  void start() throws IOException {
    folder = Films.folder(RelayIT.class);
    server = MediaServer.start(Servers.current(), OriginConfig.defaults());
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private String url(String path) {
    return server.rtmpUrl() + "/" + path;
  }

  private void awaitListed(String path) {
    String url = server.apiUrl() + "/v3/paths/get/" + path;
    Running.await(path, LIMIT, () -> Web.json(url).path("ready").asBoolean());
  }

  private CompletableFuture<Tap> tap(String path) {
    return CompletableFuture.supplyAsync(
        () -> {
          awaitListed(path);
          return Tap.of(url(path));
        });
  }

  /** The report, which stands behind the log. */
  private static JsonNode report(Program relay) throws IOException {
    String said = relay.said();
    int begin = said.startsWith("{") ? 0 : said.indexOf("\n{") + 1;
    return JsonMapper.builder().build().readTree(said.substring(begin));
  }

  /**
   * What both readers of the server have seen is the same and in the same order, its times but for
   * one constant, to the end. The server rounds the times of each reader on its own.
   */
  private static void same(List<Tap.Seen> wanted, List<Tap.Seen> got, long offsetUs) {
    long fromUs =
        Math.max(
            wanted.stream().mapToLong(Tap.Seen::ptsUs).min().orElseThrow(),
            got.stream().mapToLong(Tap.Seen::ptsUs).min().orElseThrow() - offsetUs);
    List<Tap.Seen> first =
        wanted.stream().filter(packet -> packet.ptsUs() >= fromUs - ROUNDING_US).toList();
    List<Tap.Seen> second =
        got.stream().filter(packet -> packet.ptsUs() - offsetUs >= fromUs - ROUNDING_US).toList();
    assertThat(second).hasSizeGreaterThan(got.size() / 2).hasSizeGreaterThanOrEqualTo(first.size());
    for (int i = 0; i < first.size(); i++) {
      assertThat(second.get(i).sha256()).as("packet " + i).isEqualTo(first.get(i).sha256());
      assertThat(second.get(i).ptsUs() - offsetUs)
          .as("PTS of packet " + i)
          .isCloseTo(first.get(i).ptsUs(), within(ROUNDING_US));
    }
  }

  private static long offsetUs(List<Tap.Seen> wanted, List<Tap.Seen> got) {
    for (Tap.Seen packet : got) {
      for (Tap.Seen other : wanted) {
        if (packet.sha256().equals(other.sha256())) {
          return packet.ptsUs() - other.ptsUs();
        }
      }
    }
    throw new AssertionError("no packet of " + got.size() + " is one of " + wanted.size());
  }

  @Test
  void twoGetEverythingBitForBitWhileOneIsABlackHoleAndOneRefuses() throws Exception {
    Path film = Films.cut(Films.counting(), folder.resolve("film.mp4"), 11);
    Path file = folder.resolve("two.flv");
    Path secret = Files.writeString(folder.resolve("hole"), "");
    try (FaultProxy hole = FaultProxy.to(server.rtmpUrl());
        FaultProxy wall = FaultProxy.to(server.rtmpUrl());
        MediaTask publisher = StreamPublisher.publish(film, url("live/a/in"), 3)) {
      hole.halfOpen(true);
      wall.refuse(true);
      Files.writeString(secret, hole.url() + "/live/k3yhole?token=t0ken\n");
      awaitListed("live/a/in");
      try (Program relay =
          Program.start(
              Map.of(),
              "relay",
              url("live/a/in"),
              "--to",
              "one=" + url("live/a/one"),
              "--to",
              "two=" + file,
              "--to",
              "hole=@" + secret,
              "--to",
              "wall=" + wall.url() + "/live/k3ywall",
              "--source-grace",
              "0s",
              "--json")) {
        CompletableFuture<Tap> in = tap("live/a/in");
        CompletableFuture<Tap> one = tap("live/a/one");
        assertThat(publisher.await(Duration.ofSeconds(40))).isTrue();
        int code = relay.awaitEnd();
        JsonNode report = report(relay);
        assertThat(code).as(relay.said()).isEqualTo(1);
        assertThat(relay.said())
            .contains("stream=one destination up", "stream=wall destination down")
            .doesNotContain("k3yhole", "t0ken", "k3ywall");
        assertThat(report.path("source").path("connections").asInt()).isEqualTo(1);
        int packets = report.path("source").path("packets").asInt();
        for (int i : List.of(0, 1)) {
          JsonNode whole = report.path("destinations").path(i);
          assertThat(whole.path("complete").asBoolean()).as(relay.said()).isTrue();
          assertThat(whole.path("packets").asInt()).isEqualTo(packets);
          assertThat(whole.path("dropped").asInt()).isZero();
        }
        for (int i : List.of(2, 3)) {
          JsonNode none = report.path("destinations").path(i);
          assertThat(none.path("complete").asBoolean()).isFalse();
          assertThat(none.path("packets").asInt()).isZero();
          assertThat(none.path("dropped").asInt()).isEqualTo(packets);
        }
        Tap written = Tap.of(file.toString());
        assertThat(written.packets()).hasSize(packets);
        Tap read = in.get();
        long offsetUs = offsetUs(read.video(), written.video());
        same(read.video(), written.video(), offsetUs);
        same(read.sound(), written.sound(), offsetUs);
        List<String> slices = written.video().stream().map(Tap.Seen::slicesSha256).toList();
        List<String> seen = one.get().video().stream().map(Tap.Seen::slicesSha256).toList();
        assertThat(Collections.indexOfSubList(slices, seen)).isNotNegative();
        assertThat(seen).hasSizeGreaterThan(slices.size() - 60);
      }
    }
  }

  /** One after the other: the end of one SRT connection ends all others of a process. */
  @Test
  void srtIsReadAndSentTo() throws Exception {
    Path program = Path.of(Servers.realOrSkip());
    int srt;
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      srt = free.getLocalPort();
    }
    String base = "srt://127.0.0.1:" + srt + "?streamid=";
    try (MediaServer real =
            MediaMtxProcess.start(program, OriginConfig.builder().srtPort(srt).build());
        MediaTask publisher =
            StreamPublisher.publish(Films.counting(), real.rtmpUrl() + "/live/s/in", 3)) {
      String paths = real.apiUrl() + "/v3/paths/get/live/s/";
      Running.await("it is there", LIMIT, () -> Web.json(paths + "in").path("ready").asBoolean());
      relayed(base + "read:live/s/in", real.rtmpUrl() + "/live/s/k3yr", paths + "k3yr");
      relayed(real.rtmpUrl() + "/live/s/in", base + "publish:live/s/k3ys", paths + "k3ys");
      assertThat(publisher.said()).isEmpty();
    }
  }

  private static void relayed(String in, String out, String path) throws Exception {
    try (Program relay = Program.start(Map.of(), "relay", in, "--to", "copy=" + out, "--json")) {
      Running.await(
          "it arrives", LIMIT, () -> Web.json(path).path("bytesReceived").asLong() > 150_000);
      relay.terminate();
      assertThat(relay.awaitEnd()).as(relay.said()).isZero();
      assertThat(report(relay).at("/destinations/0/complete").asBoolean()).isTrue();
      assertThat(relay.said()).doesNotContain("k3y");
    }
  }

  @Test
  void aSourceThatComesBackGoesOnAndSigtermEndsItWithEverythingWritten() throws Exception {
    Path film = Films.cut(Films.noBframes(), folder.resolve("twice.mp4"), 5);
    Path file = folder.resolve("twice.flv");
    try (Program relay =
        Program.start(
            Map.of(), "relay", url("live/b/in"), "--to", "file=" + file, "--source-grace", "30s")) {
      try (MediaTask publisher = StreamPublisher.publish(film, url("live/b/in"), 3)) {
        Running.await("it is read", LIMIT, () -> relay.said().contains("reading rtmp://"));
        assertThat(publisher.await(LIMIT)).isTrue();
      }
      Running.await("it is lost", LIMIT, () -> relay.said().contains("source lost"));
      long first = Files.size(file);
      try (MediaTask publisher =
          StreamPublisher.loop(film, url("live/b/in"), 3, Duration.ofSeconds(60))) {
        Running.await("it goes on", LIMIT, () -> Files.size(file) > first + 100_000);
        assertThat(publisher.said()).isEmpty();
        relay.terminate();
        assertThat(relay.awaitEnd()).as(relay.said()).isZero();
      }
      assertThat(relay.said())
          .contains("read 2 times", "file  complete, up:", " 0 dropped")
          .doesNotContain("NOT");
      List<Tap.Seen> sound = Tap.of(file.toString()).sound();
      assertThat(sound).isSortedAccordingTo((a, b) -> Long.compare(a.ptsUs(), b.ptsUs()));
      assertThat(folder.resolve("twice.1.flv")).doesNotExist();
    }
  }
}
