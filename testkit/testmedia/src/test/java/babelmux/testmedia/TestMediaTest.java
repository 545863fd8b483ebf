package babelmux.testmedia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestMediaTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int VIDEO = 9;

  @TempDir private Path folder;

  /** Tag of an FLV file; for video with PTS less DTS. */
  private record Tag(int at, int type, int millis, int compositionMs) {}

  private static List<Tag> tags(byte[] flv) {
    ByteBuffer buffer = ByteBuffer.wrap(flv);
    List<Tag> tags = new ArrayList<>();
    int at = 13;
    while (at + 11 <= flv.length) {
      int millis = (buffer.getInt(at + 4) >>> 8) | (flv[at + 7] & 0xFF) << 24;
      int composition = flv[at] == VIDEO ? buffer.getInt(at + 12) << 8 >> 8 : 0;
      tags.add(new Tag(at, flv[at], millis, composition));
      at += 11 + (buffer.getInt(at) & 0xFFFFFF) + 4;
    }
    return tags;
  }

  /** 1.5 s of 10 pictures a second, and sound. */
  private Path film() throws Exception {
    Path film = folder.resolve("film.flv");
    String arguments =
        "-f lavfi -i testsrc2=size=160x90:rate=10 -f lavfi -i sine=f=440:r=48000 -t 1.5"
            + " -c:v libopenh264 -g 5 -c:a aac -ac 2 ";
    List<String> words = new ArrayList<>(List.of(arguments.split(" ")));
    words.add(film.toString());
    return ClipMaker.make(words);
  }

  /** The film with each PTS 1 ms below its DTS. */
  private Path oddFilm() throws Exception {
    byte[] bytes = Files.readAllBytes(film());
    for (Tag tag : tags(bytes)) {
      if (tag.type == VIDEO && bytes[tag.at + 12] == 1) {
        for (int i = 13; i < 16; i++) {
          bytes[tag.at + i] = (byte) 0xFF;
        }
      }
    }
    return Files.write(folder.resolve("odd.flv"), bytes);
  }

  @Test
  void madeMediaHasTheTracksThatWereAskedFor() throws Exception {
    Path film = film();

    List<String> tracks = StreamProbe.tracks(film.toString(), Map.of());

    assertThat(tracks.get(0)).startsWith("Video: h264").contains("160x90");
    assertThat(tracks.get(1)).startsWith("Audio: aac").contains("48000 Hz, stereo");
    // 15 pictures, the codec header and the end of sequence.
    assertThat(tags(Files.readAllBytes(film))).filteredOn(tag -> tag.type == VIDEO).hasSize(17);
  }

  @Test
  void whatIsWrongIsSaid() {
    String absent = folder.resolve("absent.mp4").toString();
    String out = folder.resolve("out.mp4").toString();

    assertThatThrownBy(() -> ClipMaker.make("-i", absent, "-c", "copy", out))
        .hasMessageContaining("absent.mp4: No such file or directory");
    assertThatThrownBy(() -> ClipMaker.make("-f", "lavfi", "-i", "sine=d=1", "-nosuch", "1", out))
        .hasMessageContaining("options that nothing takes: [nosuch]");
    assertThatThrownBy(() -> ClipMaker.make("-f", "lavfi", "-i", "nosuch", out))
        .hasMessageContaining("nosuch");
  }

  @Test
  void anFlvFileIsPublishedWithTimesThatNoMuxerTakes() throws Exception {
    Path odd = oddFilm();
    Path out = folder.resolve("sent.flv");

    try (MediaTask publisher = StreamPublisher.publishUnrepaired(odd, "file:" + out, 3)) {
      assertThat(publisher.await(LIMIT)).isTrue();
      assertThat(publisher.said()).isEmpty();
    }

    List<Tag> was = tags(Files.readAllBytes(odd));
    List<Tag> is = tags(Files.readAllBytes(out));
    assertThat(is).hasSameSizeAs(was);
    assertThat(is).filteredOn(tag -> tag.compositionMs == -1).hasSize(15);
    assertThat(is.get(is.size() - 1).millis).isEqualTo(was.get(was.size() - 1).millis + 3000);
  }

  @Test
  void aPacketWhosePtsIsBelowItsDtsIsNotLost() throws Exception {
    Path out = folder.resolve("out.mp4");
    Path list = folder.resolve("list.txt");

    ClipMaker.make("-i", oddFilm().toString(), "-c", "copy", out.toString());

    ClipMaker.make("-i", out.toString(), "-an", "-c", "copy", "-f", "framecrc", list.toString());
    assertThat(Files.readAllLines(list)).filteredOn(line -> !line.startsWith("#")).hasSize(15);
  }

  @Test
  void aStoppedPublisherEndsAndAKilledOneToo() throws Exception {
    Path film = film();
    for (boolean kill : new boolean[] {false, true}) {
      String to = "file:" + folder.resolve("endless.flv");
      MediaTask publisher = StreamPublisher.loop(film, to, 0, Duration.ofHours(1));
      await().atMost(LIMIT).until(() -> publisher.packets() > 5);
      if (kill) {
        publisher.kill();
      }
      publisher.close();
      assertThat(publisher.isRunning()).isFalse();
      assertThat(publisher.said()).isEmpty();
    }
  }
}
