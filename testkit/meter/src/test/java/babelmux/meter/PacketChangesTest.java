package babelmux.meter;

import static babelmux.meter.Media.ENGLISH;
import static babelmux.meter.Media.NO_B_FRAMES;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketChangesTest {
  @TempDir private Path folder;

  private PacketChanges video(String name, String arguments) throws Exception {
    return PacketChanges.of(
        PacketLog.read(ENGLISH),
        PacketLog.read(Media.made(folder.resolve(name), arguments, ENGLISH)),
        PacketLog.Kind.VIDEO);
  }

  @Test
  void aCopyIsUntouched() throws Exception {
    PacketChanges changes = video("copy.flv", "-i {} -c copy -output_ts_offset 3");

    assertThat(changes.untouched()).isTrue();
    assertThat(changes.same()).isEqualTo(900);
    assertThat(changes.shift().spreadUs()).isLessThanOrEqualTo(1_000);
    assertThat(changes.shift().medianUs()).isBetween(3_000_000L, 3_100_000L);
  }

  @ParameterizedTest
  @CsvSource({"'eq(n,500)', 1", "'between(n,40,49)', 10"})
  void packetsDropped(String which, int count) throws Exception {
    PacketChanges changes = video("lost.flv", "-i {} -c copy -bsf:v noise=drop='" + which + "'");

    assertThat(changes.lost()).isEqualTo(count);
    assertThat(changes.changed()).isZero();
    assertThat(changes.extra()).isZero();
    assertThat(changes.same()).isEqualTo(900 - count);
    assertThat(changes.untouched()).isFalse();
  }

  @Test
  void packetsChanged() throws Exception {
    PacketChanges changes =
        video("changed.flv", "-i {} -c copy -bsf:v noise=amount='if(eq(n,300),1000,0)'");

    assertThat(changes.changed()).isEqualTo(1);
    assertThat(changes.lost()).isZero();
    assertThat(changes.extra()).isZero();
  }

  @Test
  void aRecordingThatBeginsLateAndEndsEarlyLostNothing() throws Exception {
    PacketChanges changes = video("part.flv", "-ss 5 -i {} -t 10 -c copy");

    assertThat(changes.untouched()).isTrue();
    assertThat(changes.before()).isEqualTo(150);
    assertThat(changes.before() + changes.same() + changes.after()).isEqualTo(900);
  }

  @Test
  void anotherFilm() throws Exception {
    PacketChanges changes =
        PacketChanges.of(
            PacketLog.read(ENGLISH), PacketLog.read(NO_B_FRAMES), PacketLog.Kind.VIDEO);

    assertThat(changes.same()).isZero();
    assertThat(changes.extra()).isEqualTo(900);
    assertThat(changes.untouched()).isFalse();
  }
}
