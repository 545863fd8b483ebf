package babelmux.meter;

import static babelmux.meter.Media.ENGLISH;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PacketLogTest {
  @TempDir private Path folder;

  @Test
  void aCopyHasTheSamePackets() throws Exception {
    PacketLog source = PacketLog.read(ENGLISH);
    PacketLog copy =
        PacketLog.read(Media.made(folder.resolve("copy.flv"), "-i {} -c copy", ENGLISH));

    for (PacketLog.Kind kind : List.of(PacketLog.Kind.VIDEO, PacketLog.Kind.AUDIO)) {
      assertThat(copy.of(kind))
          .extracting(PacketLog.Entry::sha256)
          .isEqualTo(source.of(kind).stream().map(PacketLog.Entry::sha256).toList());
    }
    assertThat(copy.tracks())
        .extracting(PacketLog.Track::headerSha256)
        .containsExactlyElementsOf(
            source.tracks().stream().map(PacketLog.Track::headerSha256).toList());
  }

  @Test
  void timesAreThoseOfTheContainer() throws Exception {
    Path shifted =
        Media.made(folder.resolve("shifted.flv"), "-i {} -c copy -output_ts_offset 3", ENGLISH);

    List<PacketLog.Entry> video = PacketLog.read(shifted).of(PacketLog.Kind.VIDEO);

    List<PacketLog.Entry> inOrder = new ArrayList<>(video);
    inOrder.sort((a, b) -> Long.compare(a.ptsUs(), b.ptsUs()));
    assertThat(inOrder.get(30).ptsUs() - inOrder.get(0).ptsUs()).isEqualTo(1_000_000);
    assertThat(video.get(0).ptsUs()).isBetween(3_000_000L, 3_100_000L);
    assertThat(video.get(0).key()).isTrue();
  }

  @Test
  void showsALostPacket() throws Exception {
    Path lost =
        Media.made(
            folder.resolve("lost.flv"), "-i {} -c copy -bsf:a noise=drop='eq(n,500)'", ENGLISH);

    List<String> source = hashes(PacketLog.read(ENGLISH));
    List<String> left = hashes(PacketLog.read(lost));

    List<String> expected = new ArrayList<>(source);
    expected.remove(500);
    assertThat(left).isEqualTo(expected);
  }

  private static List<String> hashes(PacketLog log) {
    return log.of(PacketLog.Kind.AUDIO).stream().map(PacketLog.Entry::sha256).toList();
  }
}
