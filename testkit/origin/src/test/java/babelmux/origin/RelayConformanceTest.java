package babelmux.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.testmedia.MediaTask;
import babelmux.testmedia.StreamPublisher;
import babelmux.testmedia.StreamRecorder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What readers get: headers, sound at once, pictures from a keyframe, times and bytes unchanged.
 */
@Tag("slow")
@ParameterizedClass
@MethodSource("babelmux.origin.ServerUnderTest#kinds")
@ExtendWith(ServerUnderTest.Lifecycle.class)
@Execution(ExecutionMode.CONCURRENT)
class RelayConformanceTest {
  private final ServerUnderTest sut;

  RelayConformanceTest(ServerUnderTest.Kind kind) {
    sut = ServerUnderTest.of(kind);
  }

  @Test
  void aLateReaderGetsHeadersThenSoundAtOnceAndPicturesFromTheNextKeyframe() throws Exception {
    String id = ServerUnderTest.id("late");
    try (RawRtmpClient publisher = sut.publisher(id);
        RawRtmpClient reader = RawRtmpClient.reader(sut.main.rtmpUrl(), "live/" + id, "in")) {
      RawMessage metadata = reader.read();
      while (metadata.type != RawMessage.DATA) {
        metadata = reader.read();
      }
      List<@Nullable Object> data = RawRtmpClient.values(metadata);
      assertThat(data).contains("onMetaData");
      if (sut.embedded()) {
        assertThat(data).startsWith("onMetaData").doesNotContain("@setDataFrame");
      }
      RawMessage first = reader.readAv();
      RawMessage second = reader.readAv();
      assertThat(List.of(first, second)).allMatch(RawMessage::header);
      assertThat(List.of(first.type, second.type))
          .containsExactlyInAnyOrder(RawMessage.AUDIO, RawMessage.VIDEO);
      sut.awaitReaders(id, 1);

      List<RawMessage> sent = TestMedia.media(0, 6000);
      List<RawMessage> later =
          sent.stream().filter(m -> m.timestampMs >= 2080 && m.timestampMs < 4000).toList();
      assertThat(later.stream().filter(RawMessage::video).findFirst().orElseThrow().keyframe())
          .as("the test joins in the middle of a group of pictures")
          .isFalse();
      publisher.send(later);

      List<RawMessage> got = new ArrayList<>();
      while (got.isEmpty() || got.get(got.size() - 1).timestampMs < 3900) {
        got.add(reader.readAv());
      }
      assertThat(got.get(0).audio()).isTrue();
      assertThat(got.get(0).timestampMs).isBetween(2060L, 2110L);
      RawMessage picture =
          got.stream().filter(m -> m.video() && !m.header()).findFirst().orElseThrow();
      assertThat(picture.keyframe()).isTrue();
      assertThat(picture.timestampMs)
          .isEqualTo(
              later.stream().filter(RawMessage::keyframe).findFirst().orElseThrow().timestampMs);
    }
  }

  @Test
  void ffmpegReadsWhatFfmpegPublishes(@TempDir Path folder) throws Exception {
    String url = sut.main.rtmpUrl() + "/live/" + ServerUnderTest.id("ffmpeg") + "/in";
    String path = url.substring(sut.main.rtmpUrl().toString().length() + 1);
    Path file = folder.resolve("read.flv");
    try (MediaTask publisher = StreamPublisher.publish(TestMedia.h264Aac(), url + "?lang=es", 3)) {
      await().atMost(Duration.ofSeconds(5)).until(() -> sut.api.ready(path));
      try (MediaTask reader = StreamRecorder.record(url, file)) {
        assertThat(publisher.await(Duration.ofSeconds(20))).isTrue();
        assertThat(publisher.said()).isEmpty();
        assertThat(reader.await(Duration.ofSeconds(5))).isTrue();
        assertThat(reader.said()).isEmpty();
      }
    }
    List<RawMessage> sent = TestMedia.media(3000, 9000);
    List<RawMessage> read = RawMessage.readFlv(file).stream().filter(RawMessage::media).toList();
    assertThat(read.get(0).timestampMs).as("the publisher's own time").isBetween(3000L, 9000L);
    assertSameMedia(sent, read);
    assertThat(read.get(read.size() - 1).timestampMs).isGreaterThan(10_800);
  }

  @Test
  void timesAreTheSameAroundTheExtendedTimestamp() throws Exception {
    String id = ServerUnderTest.id("extended");
    long start = 0xFFFFFF - 3000;
    try (RawRtmpClient publisher =
        RawRtmpClient.publisher(sut.main.rtmpUrl(), "live/" + id, "in")) {
      publisher.send(TestMedia.headers());
      publisher.send(TestMedia.media(start, 400));
      await().until(() -> sut.api.ready("live/" + id + "/in"));
      try (RawRtmpClient reader = RawRtmpClient.reader(sut.main.rtmpUrl(), "live/" + id, "in")) {
        sut.awaitReaders(id, 1);
        List<RawMessage> sent =
            TestMedia.media(start, 6000).stream()
                .filter(m -> m.timestampMs >= start + 480)
                .toList();
        publisher.send(sent);
        assertThat(sent.get(0).keyframe() || sent.get(1).keyframe()).isTrue();
        List<RawMessage> got = media(reader, sent.size());
        assertSameMedia(sent, got);
        assertThat(got.get(got.size() - 1).timestampMs).isGreaterThan(0xFFFFFF + 2000L);
      }
    }
  }

  @Test
  void everyChunkSizeOfThePublisherIsUnderstood() throws Exception {
    String id = ServerUnderTest.id("chunks");
    try (RawRtmpClient publisher = sut.publisher(id);
        RawRtmpClient reader = RawRtmpClient.reader(sut.main.rtmpUrl(), "live/" + id, "in")) {
      sut.awaitReaders(id, 1);
      List<RawMessage> sent =
          TestMedia.media(0, 4400).stream().filter(m -> m.timestampMs >= 2400).toList();
      int[] sizes = {1, 50, 128, 4096, 65_536, 1_000_000};
      for (int i = 0; i < sent.size(); i++) {
        if (i % 20 == 0) {
          publisher.setChunkSize(sizes[i / 20 % sizes.length]);
        }
        publisher.send(sent.get(i));
      }
      assertSameMedia(sent, media(reader, sent.size()));
    }
  }

  private static List<RawMessage> media(RawRtmpClient reader, int count) throws Exception {
    List<RawMessage> messages = new ArrayList<>();
    while (messages.size() < count) {
      RawMessage message = reader.readAv();
      if (message.media()) {
        messages.add(message);
      }
    }
    return messages;
  }

  /** Everything read was sent, at the same time, slice by slice. */
  static void assertSameMedia(List<RawMessage> sent, List<RawMessage> read) {
    assertThat(read).isNotEmpty();
    Set<String> known = new HashSet<>();
    sent.forEach(message -> known.add(key(message)));
    assertThat(read.stream().filter(message -> !known.contains(key(message))).toList())
        .as("read, but not sent so")
        .isEmpty();
  }

  private static String key(RawMessage message) {
    String content =
        message.audio()
            ? Integer.toString(Arrays.hashCode(message.body))
            : message.slices().toString();
    return message.type + "@" + message.timestampMs + ":" + content;
  }
}
