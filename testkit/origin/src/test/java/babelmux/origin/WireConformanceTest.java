package babelmux.origin;

import static babelmux.origin.ServerUnderTest.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The protocol itself: commands, addresses, control messages, hostile bytes. */
@Tag("slow")
@ParameterizedClass
@MethodSource("babelmux.origin.ServerUnderTest#kinds")
@ExtendWith(ServerUnderTest.Lifecycle.class)
@Execution(ExecutionMode.CONCURRENT)
class WireConformanceTest {
  private final ServerUnderTest sut;

  WireConformanceTest(ServerUnderTest.Kind kind) {
    sut = ServerUnderTest.of(kind);
  }

  @Test
  void obsSplitsTheAddressElsewhereAndMeansTheSame() throws IOException {
    String id = ServerUnderTest.id("obs");
    try (RawRtmpClient publisher =
        RawRtmpClient.publisher(sut.main.rtmpUrl(), "live", id + "/in?lang=es&x=a%20b")) {
      publisher.send(TestMedia.headers());
      publisher.send(TestMedia.media(0, 2050));
      await().until(() -> sut.api.ready(path(id)));
      assertThat(sut.api.connection(publisher.address()).orElseThrow().getString("query"))
          .isEqualTo("lang=es&x=a%20b");
      try (RawRtmpClient reader = sut.reader(id)) {
        sut.awaitReaders(id, 1);
        assertThat(reader.address()).isNotEmpty();
      }
    }
  }

  @Test
  void theWholeAddressMayStandInTheConnectUrlWithItsQuery() throws IOException {
    String id = ServerUnderTest.id("app");
    try (RawRtmpClient publisher =
        RawRtmpClient.publisher(sut.main.rtmpUrl(), path(id) + "?lang=fr", "")) {
      publisher.send(TestMedia.headers());
      publisher.send(TestMedia.media(0, 2050));
      await().until(() -> sut.api.ready(path(id)));
      assertThat(sut.api.connection(publisher.address()).orElseThrow().getString("query"))
          .isEqualTo("lang=fr");
    }
  }

  @Test
  void commandsThatClientsSayBesidesAreNoProblem() throws IOException {
    String id = ServerUnderTest.id("commands");
    try (RawRtmpClient client = new RawRtmpClient(sut.main.rtmpUrl(), "live/" + id)) {
      client.connect();
      client.command("releaseStream", 0, null, "in");
      client.command("FCPublish", 0, null, "in");
      client.command("_checkbw", 0, (Object) null);
      client.command("getStreamLength", 0, null, "in");
      client.command("publish", 1, null, "in", "live");
      client.awaitStatus("NetStream.Publish.Start");
      client.send(TestMedia.headers());
      client.send(TestMedia.media(0, 2050));
      await().until(() -> sut.api.ready(path(id)));
    }
  }

  @Test
  void theServerSaysItsWindowBandwidthAndChunkSize() throws IOException {
    try (RawRtmpClient client = new RawRtmpClient(sut.main.rtmpUrl(), "live/x")) {
      client.command(
          "connect", 0, Map.of("app", "live/x", "tcUrl", sut.main.rtmpUrl() + "/live/x"));
      RawMessage window = client.read();
      RawMessage bandwidth = client.read();
      RawMessage chunkSize = client.read();
      assertThat(List.of(window.type, bandwidth.type, chunkSize.type)).containsExactly(5, 6, 1);
      assertThat(window.body).containsExactly(0, 0x26, 0x25, 0xA0);
      assertThat(chunkSize.body).containsExactly(0, 1, 0, 0);
      List<@Nullable Object> result = client.awaitCommand("_result");
      assertThat(result.get(1)).isEqualTo(1.0);
      assertThat((Map<?, ?>) result.get(3))
          .extracting("code")
          .isEqualTo("NetConnection.Connect.Success");
    }
  }

  @Test
  void receivedBytesAreAcknowledgedByThePublishersWindow() throws IOException {
    String id = ServerUnderTest.id("ack");
    try (RawRtmpClient publisher =
        RawRtmpClient.publisher(sut.main.rtmpUrl(), "live/" + id, "in")) {
      publisher.control(5, 10_000);
      publisher.send(TestMedia.headers());
      publisher.send(TestMedia.media(0, 1900));
      RawMessage message = publisher.read();
      while (message.type != 3) {
        message = publisher.read();
      }
      assertThat(new BigInteger(message.body).intValue()).isGreaterThan(10_000);
    }
  }

  @Test
  void anAbortedMessageIsForgotten() throws IOException {
    String id = ServerUnderTest.id("abort");
    try (RawRtmpClient publisher = sut.publisher(id);
        RawRtmpClient reader = sut.reader(id)) {
      sut.awaitReaders(id, 1);
      RawMessage next =
          TestMedia.media(0, 3000).stream()
              .filter(m -> m.keyframe() && m.timestampMs > 2100)
              .findFirst()
              .orElseThrow();
      publisher.sendBytes(new byte[] {6, 0, 8, 0x40, 0, 2, 0, 9, 1, 0, 0, 0});
      publisher.sendBytes(new byte[128]);
      publisher.control(2, 6);
      publisher.send(next);
      RawMessage got = reader.readAv();
      while (!got.media()) {
        got = reader.readAv();
      }
      RelayConformanceTest.assertSameMedia(List.of(next), List.of(got));
    }
  }

  @Test
  void headersThatLeaveOutWhatIsKnownAreUnderstood() throws IOException {
    String id = ServerUnderTest.id("deltas");
    try (RawRtmpClient publisher = sut.publisher(id);
        RawRtmpClient reader = sut.reader(id)) {
      sut.awaitReaders(id, 1);
      publisher.setChunkSize(100_000);
      RawMessage sound =
          TestMedia.media(0, 3000).stream()
              .filter(RawMessage::audio)
              .skip(20)
              .findFirst()
              .orElseThrow();
      int length = sound.body.length;
      publisher.send(7, sound.at(2100), 1);
      publisher.sendBytes(
          chunk(new int[] {0x47, 0, 0, 21, 0, length >> 8, length & 0xFF, 8}, sound));
      publisher.sendBytes(chunk(new int[] {0x87, 0, 0, 22}, sound));
      publisher.sendBytes(chunk(new int[] {0xC7}, sound));
      publisher.sendBytes(
          chunk(new int[] {0x47, 0, 0, 5, 0, length >> 8, length & 0xFF, 8}, sound));
      List<RawMessage> expected =
          List.of(sound.at(2100), sound.at(2121), sound.at(2143), sound.at(2165), sound.at(2170));
      for (RawMessage want : expected) {
        RawMessage got = reader.readAv();
        while (!got.media()) {
          got = reader.readAv();
        }
        assertThat(got.timestampMs).isEqualTo(want.timestampMs);
        assertThat(got.body).isEqualTo(want.body);
      }
    }
  }

  @Test
  void aggregatesAndUnknownMessagesCloseTheConnection() throws IOException {
    for (int type : new int[] {22, 15, 17, 99}) {
      try (RawRtmpClient publisher =
          RawRtmpClient.publisher(sut.main.rtmpUrl(), "live/" + ServerUnderTest.id("type"), "in")) {
        publisher.send(4, new RawMessage(type, 0, new byte[20]), 1);
        assertThat(publisher.awaitClose(2000)).as("type %s", type).isTrue();
      }
    }
  }

  @Test
  void hostileBytesCloseTheirConnectionAndNoOther() throws IOException {
    String id = ServerUnderTest.id("bystander");
    try (RawRtmpClient publisher = sut.publisher(id);
        RawRtmpClient reader = sut.reader(id)) {
      sut.awaitReaders(id, 1);
      byte[] deep = new byte[500];
      for (int i = 0; i + 4 < deep.length; i += 4) {
        deep[i] = 3;
        deep[i + 2] = 1;
        deep[i + 3] = 'a';
      }
      assertClosedAfter(new byte[] {(byte) 0xC5, 1, 2, 3});
      byte[] tooLong = {4, 0, 0, 0, (byte) 0xA1, 0, 0, 9, 1, 0, 0, 0};
      assertClosedAfter(Arrays.copyOf(tooLong, 12 + 128));
      assertClosedAfter(new byte[] {2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0x7F, (byte) 0xFF, 0, 0});
      assertClosedAfter(message(20, "garbage".getBytes(StandardCharsets.UTF_8)));
      assertClosedAfter(message(20, deep));
      try (RawRtmpClient wrongVersion = new RawRtmpClient(sut.main.rtmpUrl(), "live/x", 0)) {
        byte[] c0c1 = new byte[1537];
        c0c1[0] = 'G';
        wrongVersion.sendBytes(c0c1);
        assertThat(wrongVersion.awaitClose(3000)).isTrue();
      }
      publisher.send(TestMedia.media(2050, 30));
      RawMessage got = reader.readAv();
      while (!got.media()) {
        got = reader.readAv();
      }
      assertThat(got.timestampMs).isGreaterThanOrEqualTo(2050);
    }
  }

  @Test
  void badStreamNamesAreRefused() throws IOException {
    for (String name : new String[] {"a b", "../in", "in/", "x'y", "a%00b"}) {
      try (RawRtmpClient client = new RawRtmpClient(sut.main.rtmpUrl(), "live/x")) {
        client.connect();
        client.command("publish", 1, null, name, "live");
        assertThat(client.awaitClose(3000)).as(name).isTrue();
      }
    }
  }

  private void assertClosedAfter(byte[] bytes) throws IOException {
    try (RawRtmpClient client = new RawRtmpClient(sut.main.rtmpUrl(), "live/x")) {
      client.connect();
      client.sendBytes(bytes);
      assertThat(client.awaitClose(3000)).isTrue();
    }
  }

  private static byte[] message(int type, byte[] body) {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    wire.writeBytes(new byte[] {3, 0, 0, 0, 0, (byte) (body.length >> 8), (byte) body.length});
    wire.writeBytes(new byte[] {(byte) type, 0, 0, 0, 0});
    for (int at = 0; at < body.length; at += 128) {
      if (at > 0) {
        wire.write(0xC3);
      }
      wire.write(body, at, Math.min(128, body.length - at));
    }
    return wire.toByteArray();
  }

  private static byte[] chunk(int[] header, RawMessage message) {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    for (int value : header) {
      wire.write(value);
    }
    wire.writeBytes(message.body);
    return wire.toByteArray();
  }
}
