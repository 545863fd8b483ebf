package babelmux.media;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Flv.Tag;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FLV as an RTMP server sends it, read without an analysis. */
class SourceTest {
  private static final Path CLIPS = Path.of("..", "fixtures", "encoders");

  @TempDir Path folder;

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  private static List<Tag> clip(String name) throws IOException {
    return Flv.read(CLIPS.resolve(name + ".flv"));
  }

  /** All that a source gives. */
  private static final class Reading implements SourceListener, AutoCloseable {
    final List<Packet> packets = new ArrayList<>();
    final List<String> videoFormats = new ArrayList<>();
    final List<String> ignored = new ArrayList<>();
    final List<@Nullable String> keyframes = new ArrayList<>();
    final Map<SourceDrop, Integer> dropped = new EnumMap<>(SourceDrop.class);
    byte[] videoHeaders = new byte[0];
    @Nullable TrackFormat video;
    @Nullable TrackFormat audio;

    Reading(Path file) throws MediaException {
      this(file, LiveProtocol.FLV);
    }

    Reading(Path file, LiveProtocol live) throws MediaException {
      try (Source source =
          new Source.Opening(SourceOptions.defaults(), this).open(file.toString(), live)) {
        for (Packet next = source.read(); next != null; next = source.read()) {
          packets.add(next);
          TrackFormat now = source.video();
          if (now != null && next.kind() == TrackKind.VIDEO) {
            videoHeaders = now.headers();
            String text = now + (next.key() ? " at a keyframe" : "");
            if (video == null || !video.isSameAs(now)) {
              videoFormats.add(text);
              closeVideo();
              video = now.copy();
            }
          }
        }
        TrackFormat last = source.audio();
        audio = last == null ? null : last.copy();
      }
    }

    private void closeVideo() {
      if (video != null) {
        video.close();
      }
    }

    List<Packet> of(TrackKind kind) {
      return packets.stream().filter(packet -> packet.kind() == kind).toList();
    }

    @Override
    public void dropped(SourceDrop reason) {
      dropped.merge(reason, 1, Integer::sum);
    }

    @Override
    public void ignored(String track, String reason) {
      ignored.add(track + ": " + reason);
    }

    @Override
    public void noKeyframe(@Nullable String reason) {
      keyframes.add(reason);
    }

    @Override
    public void close() {
      packets.forEach(Packet::close);
      closeVideo();
      if (audio != null) {
        audio.close();
      }
    }
  }

  /** MediaMTX marks no keyframe of HEVC, AV1 and VP9; their tracks begin at one all the same. */
  @ParameterizedTest
  @CsvSource({
    "h264-29.97-b2,h264 320x180",
    "hevc-b3,hevc 320x180",
    "av1,av1 320x180",
    "vp9,vp9 320x180"
  })
  void everyVideoCodecBeginsAtAKeyframeOfItsBitstream(String name, String format) throws Exception {
    List<Tag> tags = clip(name);
    List<Integer> keys = new ArrayList<>();
    List<Tag> frames = tags.stream().filter(Tag::isVideoFrame).toList();
    for (int i = 0; i < frames.size(); i++) {
      if (frames.get(i).isMarkedKey()) {
        keys.add(i);
      }
    }
    // The reader joins behind the first keyframe.
    List<Tag> late = withoutFirstFrame(tags.stream().map(Tag::unmarked).toList());
    try (Reading read = new Reading(Flv.write(folder.resolve("live.flv"), late))) {
      List<Packet> video = read.of(TrackKind.VIDEO);
      assertThat(read.videoFormats).containsExactly(format + " at a keyframe");
      assertThat(video).hasSize(frames.size() - keys.get(1));
      assertThat(video.get(0).key()).isTrue();
      assertThat(video.stream().filter(Packet::key)).hasSize(keys.size() - 1);
      assertThat(read.dropped).containsEntry(SourceDrop.BEFORE_KEYFRAME, keys.get(1) - 1);
      for (int i = 0; i < video.size(); i++) {
        Tag frame = frames.get(keys.get(1) + i);
        byte[] bytes = video.get(i).bytes();
        assertThat(bytes)
            .isEqualTo(
                Arrays.copyOfRange(
                    frame.body(), frame.body().length - bytes.length, frame.body().length));
      }
    }
  }

  private static List<Tag> withoutFirstFrame(List<Tag> tags) {
    List<Tag> left = new ArrayList<>(tags);
    left.remove(tags.stream().filter(Tag::isVideoFrame).findFirst().orElseThrow());
    return left;
  }

  @ParameterizedTest
  @ValueSource(strings = {"h264-29.97-b2", "hevc-b3", "av1", "vp9", "opus", "mp3", "aac-5.1"})
  void whatIsReadLiveCanBeWrittenToEveryContainer(String name) throws Exception {
    List<Tag> tags = clip(name).stream().map(Tag::unmarked).toList();
    for (String ending : new String[] {"flv", "mkv", "mp4"}) {
      Path file = folder.resolve("out." + ending);
      try (Reading read = new Reading(Flv.write(folder.resolve("live.flv"), tags))) {
        try (Sink sink =
            Sink.open(
                file.toString(),
                read.video,
                read.audio,
                SinkOptions.defaults(),
                new Sink.Opening())) {
          for (Packet packet : read.packets) {
            assertThat(sink.write(packet, packet.ptsUs() + 3_000_000, packet.dtsUs() + 3_000_000))
                .as("%s: %s", ending, sink.lastRefusal())
                .isTrue();
          }
          sink.finish();
        }
        try (Clip back = new Clip(file)) {
          assertThat(back.packets()).hasSameSizeAs(read.packets);
          assertThat(back.video()).isNotNull();
          assertThat(back.video().toString()).isEqualTo(String.valueOf(read.video));
        }
      }
    }
  }

  private static List<Tag> later(List<Tag> tags, int ms) {
    return tags.stream().map(tag -> tag.at(tag.ms() + ms)).toList();
  }

  private static byte[] avcHeaders(List<Tag> tags) {
    byte[] body = tags.stream().filter(Tag::isVideoHeader).findFirst().orElseThrow().body();
    return Arrays.copyOfRange(body, 5, body.length);
  }

  @Test
  void newCodecHeadersAreTheTracksFromThenOn() throws Exception {
    List<Tag> large = clip("h264-25-no-b");
    List<Tag> small =
        clip("h264-640x360").stream().filter(tag -> tag.type() != Flv.SCRIPT).toList();
    List<Tag> both = new ArrayList<>(large);
    both.addAll(later(small, 20_000));
    try (Reading read = new Reading(Flv.write(folder.resolve("live.flv"), both))) {
      assertThat(read.videoFormats)
          .containsExactly("h264 320x180 at a keyframe", "h264 640x360 at a keyframe");
      assertThat(read.videoHeaders).isEqualTo(avcHeaders(small));
      assertThat(read.dropped).isEmpty();
    }
  }

  /** As MediaMTX does it: the old codec headers, and parameter sets in front of each keyframe. */
  @Test
  void parameterSetsInAKeyframeAreTheTracksFromThenOn() throws Exception {
    List<Tag> large = clip("h264-25-no-b");
    List<Tag> small = clip("h264-640x360");
    byte[] avcc = avcHeaders(small);
    byte[] sps = Arrays.copyOfRange(avcc, 8, 8 + avcc[7]);
    byte[] pps = Arrays.copyOfRange(avcc, 11 + avcc[7], 11 + avcc[7] + avcc[10 + avcc[7]]);
    List<Tag> both = new ArrayList<>(large);
    for (Tag tag : later(small, 20_000)) {
      if (!tag.isVideoHeader()) {
        both.add(tag.isMarkedKey() ? tag.withFront(Flv.units(sps, pps)) : tag);
      }
    }
    try (Reading read = new Reading(Flv.write(folder.resolve("live.flv"), both))) {
      assertThat(read.videoFormats)
          .containsExactly("h264 320x180 at a keyframe", "h264 640x360 at a keyframe");
      assertThat(read.videoHeaders).startsWith(Arrays.copyOf(avcc, 11 + avcc[7] + pps.length));
    }
  }

  /** A reader of SRT or RTSP joins anywhere in a GOP. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aLiveTransportStreamBeginsAtAKeyframe(int keyframesSkipped) throws Exception {
    Path file = folder.resolve("joined.ts");
    int skipped = 5;
    int videos;
    try (Clip clip = new Clip(CLIPS.resolve("h264-25-no-b.flv"));
        Sink sink =
            Sink.open(
                file.toString(),
                clip.video(),
                clip.audio(),
                SinkOptions.defaults(),
                new Sink.Opening())) {
      List<Packet> joined =
          clip.packets().stream().filter(packet -> packet.dtsUs() >= skipped * 40_000L).toList();
      videos = (int) joined.stream().filter(packet -> packet.kind() == TrackKind.VIDEO).count();
      for (Packet packet : joined) {
        assertThat(sink.write(packet, packet.ptsUs() + 3_000_000, packet.dtsUs() + 3_000_000))
            .isTrue();
      }
      sink.finish();
    }
    LiveProtocol live = new LiveProtocol("mpegts", null, true, keyframesSkipped, Map.of());
    try (Reading read = new Reading(file, live)) {
      List<Packet> video = read.of(TrackKind.VIDEO);
      assertThat(read.videoFormats).containsExactly("h264 320x180 at a keyframe");
      assertThat(video.get(0).key()).isTrue();
      // 200 frames, a keyframe every 50.
      assertThat(video).hasSize((3 - keyframesSkipped) * 50);
      assertThat(read.dropped)
          .containsExactly(Map.entry(SourceDrop.BEFORE_KEYFRAME, videos - video.size()));
      // The one with which the video begins comes up to 5.8 s after the first packet.
      assertThat(read.keyframes).as("a keyframe every 2 s").isEmpty();
      assertThat(String.valueOf(read.audio)).isEqualTo("aac 44100 Hz 2 ch");
    }
  }

  /** H.264 captions and other SEI are part of the packets. */
  @Test
  void captionsPassThroughSourceAndSink() throws Exception {
    ByteArrayOutputStream caption = new ByteArrayOutputStream();
    caption.writeBytes(new byte[] {6, 4, 14, (byte) 0xb5, 0, 0x31});
    caption.writeBytes("GA94".getBytes(US_ASCII));
    caption.writeBytes(new byte[] {3, 0x41, (byte) 0xff, (byte) 0xfc, 0x20, 0x20, (byte) 0xff});
    caption.write(0x80);
    byte[] sei = Flv.units(caption.toByteArray());
    List<Tag> tags =
        clip("h264-25-no-b").stream()
            .map(tag -> tag.isVideoFrame() ? tag.withFront(sei) : tag)
            .toList();
    Path out = folder.resolve("out.flv");
    try (Reading read = new Reading(Flv.write(folder.resolve("live.flv"), tags))) {
      try (Sink sink =
          Sink.open(
              out.toString(), read.video, read.audio, SinkOptions.defaults(), new Sink.Opening())) {
        for (Packet packet : read.packets) {
          sink.write(packet, packet.ptsUs() + 3_000_000, packet.dtsUs() + 3_000_000);
        }
        sink.finish();
      }
    }
    List<Tag> written = Flv.read(out).stream().filter(Tag::isVideoFrame).toList();
    assertThat(written)
        .hasSize((int) tags.stream().filter(Tag::isVideoFrame).count())
        .allMatch(tag -> Arrays.equals(tag.body(), 5, 5 + sei.length, sei, 0, sei.length));
  }

  private static Tag secondAudio(Tag tag) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(0x95);
    body.write(tag.body()[1] == 0 ? 0 : 1);
    body.writeBytes("mp4a".getBytes(US_ASCII));
    body.write(1);
    body.write(tag.body(), 2, tag.body().length - 2);
    return new Tag(Flv.AUDIO, tag.ms(), body.toByteArray());
  }

  private static Tag text(int ms) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(2);
    string(body, "onTextData");
    body.write(3);
    string(body, "text");
    body.write(2);
    string(body, "hello");
    Flv.put(body, 9, 3);
    return new Tag(Flv.SCRIPT, ms, body.toByteArray());
  }

  private static void string(ByteArrayOutputStream out, String text) {
    Flv.put(out, text.length(), 2);
    out.writeBytes(text.getBytes(US_ASCII));
  }

  @Test
  void furtherTracksAreCountedAndTold() throws Exception {
    List<Tag> tags = new ArrayList<>();
    int further = 0;
    for (Tag tag : clip("h264-25-no-b")) {
      tags.add(tag);
      if (tag.type() == Flv.AUDIO) {
        Tag second = secondAudio(tag);
        tags.add(second);
        further += second.body()[1];
      }
    }
    tags.add(20, text(tags.get(20).ms()));
    try (Reading read = new Reading(Flv.write(folder.resolve("live.flv"), tags))) {
      assertThat(read.ignored)
          .containsExactlyInAnyOrder(
              "audio track 3 (aac): only the first video and the first audio track are read",
              "subtitle track 4 (text): only video and audio are read");
      assertThat(read.dropped).containsEntry(SourceDrop.OTHER_TRACK, further + 1);
    }
  }

  /** What MediaMTX sends of open GOPs or intra refresh to a reader that joins later. */
  @Test
  void videoThatIsAnnouncedAndDoesNotComeIsTold() throws Exception {
    List<Tag> tags =
        clip("h264-intra-refresh").stream().filter(tag -> !tag.isVideoFrame()).toList();
    List<Tag> twice = new ArrayList<>(tags);
    twice.addAll(
        later(clip("h264-25-no-b"), 20_000).stream()
            .filter(tag -> tag.type() != Flv.SCRIPT)
            .toList());
    try (Reading read = new Reading(Flv.write(folder.resolve("live.flv"), twice))) {
      assertThat(read.keyframes)
          .containsExactly(
              "h264 video without a keyframe in the last 5 s: audio alone",
              "h264 video without a keyframe in the last 20 s: audio alone",
              null);
    }
  }

  @Test
  void aSourceWithoutVideoMissesNoKeyframe() throws Exception {
    List<Tag> tags = clip("opus").stream().filter(tag -> tag.type() == Flv.AUDIO).toList();
    try (Reading read = new Reading(Flv.write(folder.resolve("live.flv"), tags))) {
      assertThat(read.keyframes).isEmpty();
      assertThat(read.of(TrackKind.AUDIO)).isNotEmpty();
    }
  }
}
