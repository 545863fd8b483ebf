package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real muxers do with timestamps and packets that they do not like. */
class SinkTest {
  private static final Path CLIP = Path.of("..", "fixtures", "encoders", "h264-23.976-pyramid.flv");

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private Clip clip;

  @BeforeEach
  void read() throws Exception {
    clip = new Clip(CLIP);
  }

  @AfterEach
  void nothingLeaks() {
    clip.close();
    assertThat(Natives.live()).isZero();
  }

  private Sink open(Path file) throws MediaException {
    return Sink.open(
        file.toString(), clip.video(), clip.audio(), SinkOptions.defaults(), new Sink.Opening());
  }

  private static List<Long> videoPts(Path file) throws MediaException {
    List<Long> all = new ArrayList<>();
    try (Clip written = new Clip(file)) {
      for (Packet packet : written.packets()) {
        if (packet.kind() == TrackKind.VIDEO) {
          all.add(packet.ptsUs());
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"flv", "mp4", "ts", "mkv"})
  void dtsAbovePtsAndEqualDtsCostNoPacket(String ending) throws Exception {
    Path file = folder.resolve("out." + ending);
    List<Long> expected = new ArrayList<>();
    try (Sink sink = open(file)) {
      long last = Long.MIN_VALUE;
      for (Packet packet : clip.packets()) {
        long ptsUs = packet.ptsUs() + 3_000_000;
        long dtsUs = packet.dtsUs() + 3_000_000;
        if (packet.kind() == TrackKind.VIDEO) {
          // Never below the one before, and 1 ms above PTS wherever the two are the same.
          long guessed = ptsUs == dtsUs ? dtsUs + 1000 : dtsUs;
          dtsUs = Math.max(last, guessed);
          last = Math.min(dtsUs, ptsUs);
          expected.add(ptsUs);
        }
        assertThat(sink.write(packet, ptsUs, dtsUs)).as(sink.lastRefusal()).isTrue();
      }
      sink.finish();
    }
    List<Long> written = videoPts(file);
    assertThat(written).hasSameSizeAs(expected);
    long shift = written.get(0) - expected.get(0);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(written.get(i) - shift).isBetween(expected.get(i) - 1000, expected.get(i) + 1000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"flv", "mp4", "ts", "mkv"})
  void aPacketThatCannotBeWrittenIsDroppedAndTheNextOneIsWritten(String ending) throws Exception {
    Path file = folder.resolve("out." + ending);
    Set<Integer> refused = new HashSet<>();
    int videos = 0;
    try (Sink sink = open(file)) {
      int number = 0;
      for (Packet packet : clip.packets()) {
        boolean late = packet.kind() == TrackKind.VIDEO && ++number % 50 == 0;
        long backUs = late ? 2_000_000 : 0;
        long ptsUs = packet.ptsUs() + 3_000_000 - backUs;
        if (!sink.write(packet, ptsUs, packet.dtsUs() + 3_000_000 - backUs)) {
          refused.add(number);
          assertThat(sink.lastRefusal()).contains("PTS below the DTS before");
        }
      }
      videos = number;
      sink.finish();
    }
    assertThat(refused).hasSize(videos / 50).allMatch(number -> number % 50 == 0);
    assertThat(videoPts(file)).hasSize(videos - refused.size());
  }

  /** FLV takes nothing below its very first DTS, on either track. */
  @Test
  void whatTheMuxerItselfRefusesIsDropped() throws Exception {
    Path file = folder.resolve("out.flv");
    int refused = 0;
    try (Sink sink = open(file)) {
      boolean begun = false;
      for (Packet packet : clip.packets()) {
        boolean isVideo = packet.kind() == TrackKind.VIDEO;
        if (begun || isVideo) {
          begun = true;
          // The audio lies before the video with which the file begins.
          long ptsUs = packet.ptsUs() + (isVideo ? 9_000_000 : 0);
          boolean taken = sink.write(packet, ptsUs, packet.dtsUs() + (isVideo ? 9_000_000 : 0));
          assertThat(taken).isEqualTo(isVideo || ptsUs >= 9_000_000);
          if (!taken) {
            refused++;
            assertThat(sink.lastRefusal()).contains("out.flv", "Invalid argument");
          }
        }
      }
      sink.finish();
    }
    assertThat(refused).isPositive();
    assertThat(videoPts(file))
        .hasSize(
            (int) clip.packets().stream().filter(next -> next.kind() == TrackKind.VIDEO).count());
  }

  /**
   * A server may hand out the latest metadata to viewers that join: they must be the first ones.
   */
  @Test
  void theMetadataThatKeepAConnectionAreThoseOfTheBeginning() throws Exception {
    Path file = folder.resolve("out.flv");
    byte[] tag;
    try (Sink sink = open(file)) {
      sink.write(clip.packets().get(0), 3_000_000, 3_000_000);
      tag = sink.metadataTag();
      sink.finish();
    }
    byte[] written = Files.readAllBytes(file);
    assertThat(tag).hasSizeGreaterThan(200).startsWith(18);
    assertThat(tag).isEqualTo(Arrays.copyOfRange(written, 13, 13 + tag.length));
  }

  static boolean hasFullDevice() {
    return Path.of("/dev/full").toFile().exists();
  }

  @Test
  @EnabledIf("hasFullDevice")
  void aFullDiskIsAnErrorOfTheFileAndNotOfThePacket() throws Exception {
    Path full = folder.resolve("full.flv");
    Files.createSymbolicLink(full, Path.of("/dev/full"));
    assertThatThrownBy(
            () -> {
              try (Sink sink = open(full)) {
                sink.write(clip.packets().get(0), 3_000_000, 3_000_000);
              }
            })
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("No space left");
    Files.delete(full);
  }
}
