package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Natives;
import babelmux.media.TrackKind;
import babelmux.worker.output.Destination;
import babelmux.worker.output.DestinationListener;
import babelmux.worker.output.DestinationOptions;
import babelmux.worker.sound.SoundOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Video whose PTS and DTS are as MediaMTX hands them out, through the whole pipeline. */
class ArrivingTimesTest {
  @TempDir Path folder;
  private Path input;
  private List<FlvFile.Times> arriving;

  /** Every third frame has a DTS 1 ms above its PTS, and the one behind it the same DTS. */
  @BeforeEach
  void makeFilm() throws Exception {
    List<FlvFile.Tag> tags = new ArrayList<>();
    int number = 0;
    long before = 0;
    for (FlvFile.Tag tag : FlvFile.tags(DubbedFilm.counting(), folder, 3)) {
      if (tag.isVideo() && !tag.isHeader()) {
        long dts = Math.max(before, number % 3 == 2 ? tag.pts() + 1 : tag.dts());
        dts = number % 3 == 0 && number > 0 ? before : dts;
        before = dts;
        number++;
        tags.add(tag.at(tag.pts(), dts));
      } else {
        tags.add(tag);
      }
    }
    input = FlvFile.write(folder.resolve("in.flv"), tags);
    arriving = FlvFile.times(input, TrackKind.VIDEO);
    assertThat(arriving).hasSizeGreaterThan(60);
    assertThat(arriving).filteredOn(times -> times.ptsUs() < times.dtsUs()).hasSizeGreaterThan(15);
  }

  @AfterEach
  void nothingLeaks() {
    assertThat(Natives.live()).isZero();
  }

  private void isWhole(Path output) throws Exception {
    List<FlvFile.Times> out = FlvFile.times(output, TrackKind.VIDEO);
    assertThat(out).hasSameSizeAs(arriving);
    long offset = out.get(0).ptsUs() - arriving.get(0).ptsUs();
    for (int n = 0; n < out.size(); n++) {
      assertThat(out.get(n).ptsUs() - arriving.get(n).ptsUs()).as("PTS %d", n).isEqualTo(offset);
      assertThat(out.get(n).dtsUs()).as("DTS %d", n).isLessThanOrEqualTo(out.get(n).ptsUs());
    }
  }

  @Test
  void aFileIsDubbedWhole() throws Exception {
    DubbedFilm film = DubbedFilm.of(input, folder.resolve("out.flv"));
    assertThat(film.dropped).isEmpty();
    isWhole(film.output);
  }

  @Test
  @Timeout(60)
  void aLiveStreamLeavesWholeOnOneConnection() throws Exception {
    Path output = folder.resolve("live.flv");
    Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    Destination destination =
        new Destination(
            "times",
            0,
            output.toString(),
            DestinationOptions.defaults(),
            new DestinationListener() {});
    Session session =
        new Session(
            "times",
            SourceLocator.at(input.toString()),
            List.of(new SessionOutput("es", List.of(destination))),
            new SessionOptions(
                Duration.ofSeconds(2),
                Duration.ofSeconds(6),
                Duration.ZERO,
                Duration.ofSeconds(5),
                SessionOptions.LIVE_START),
            Runnable::run,
            List.of(
                new DubSpec(
                    "es",
                    SoundOptions.DEFAULT,
                    128_000,
                    true,
                    shape -> null,
                    new DubListener() {})),
            new SessionListener() {
              @Override
              public synchronized void dropped(DropReason reason, long packets) {
                dropped.merge(reason, packets, Long::sum);
              }
            });
    session.start();
    session.over().get(50, TimeUnit.SECONDS);
    assertThat(dropped).isEmpty();
    assertThat(destination.status().reconnects()).isZero();
    assertThat(destination.status().lastError()).isNull();
    isWhole(output);
  }
}
