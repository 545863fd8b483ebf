package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import babelmux.media.Natives;
import babelmux.media.Packet;
import babelmux.media.SinkOptions;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackKind;
import babelmux.worker.output.Destination;
import babelmux.worker.output.DestinationListener;
import babelmux.worker.output.DestinationOptions;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import babelmux.worker.retry.Backoff;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Destinations that come and go while the output runs, as files. */
@Timeout(60)
class DestinationGroupTest {
  private static final Path FILM = Path.of("..", "fixtures", "30s-counting-english.mp4");
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path folder;

  @AfterEach
  void nothingLeaks() {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(Natives.live()).isZero());
  }

  private Destination to(String name) {
    return new Destination(
        "group",
        0,
        folder.resolve(name).toString(),
        new DestinationOptions(
            SinkOptions.defaults(),
            64L << 20,
            Duration.ofHours(1),
            Duration.ZERO,
            Duration.ZERO,
            Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(2))),
        new DestinationListener() {});
  }

  private record Seen(boolean video, boolean key, long dtsUs, int size) {}

  private static List<Seen> seen(Path file) throws Exception {
    List<Seen> all = new ArrayList<>();
    try (Source source = Source.open(file.toString(), SourceOptions.defaults())) {
      for (Packet next = source.read(); next != null; next = source.read()) {
        try (Packet packet = next) {
          all.add(
              new Seen(
                  packet.kind() == TrackKind.VIDEO, packet.key(), packet.dtsUs(), packet.size()));
        }
      }
    }
    return all;
  }

  private static List<Integer> pictures(List<Seen> seen) {
    return seen.stream().filter(Seen::video).map(Seen::size).toList();
  }

  @Test
  void oneThatJoinsBeginsAtTheNextKeyframeAndOneThatLeavesIsComplete() throws Exception {
    Destination whole = to("whole.flv");
    Destination leaves = to("leaves.flv");
    Destination joins = to("joins.flv");
    DestinationGroup group = new DestinationGroup(List.of(whole, leaves), System::nanoTime);
    int joinedAt = 0;
    int leftAt = 0;
    int pictures = 0;
    try (Source source = Source.open(FILM.toString(), SourceOptions.defaults())) {
      group.begin(new OutputFormats(source.video(), source.audio()));
      for (Packet next = source.read(); next != null; next = source.read()) {
        try (OutputPacket packet =
            new OutputPacket(next, next.ptsUs() + 3_000_000, next.dtsUs() + 3_000_000)) {
          if (next.dtsUs() > 4_000_000 && joinedAt == 0 && pictures > 0) {
            joinedAt = pictures;
            assertThat(group.add(joins)).isTrue();
          }
          if (next.dtsUs() > 8_000_000 && leftAt == 0) {
            leftAt = pictures;
            group.remove(leaves);
          }
          group.write(packet);
          group.flush();
        }
        pictures += next.kind() == TrackKind.VIDEO ? 1 : 0;
      }
    }
    await().atMost(LIMIT).until(leaves::isOver);
    group.beginFinish();
    group.awaitFinish(System.nanoTime() + LIMIT.toNanos());
    Destination late = to("late.flv");
    assertThat(group.add(late)).isFalse();
    late.close();
    group.close();

    List<Seen> all = seen(folder.resolve("whole.flv"));
    List<Integer> allPictures = pictures(all);
    assertThat(allPictures).hasSize(pictures);
    assertThat(pictures(seen(folder.resolve("leaves.flv"))))
        .isEqualTo(allPictures.subList(0, leftAt));
    List<Seen> joined = seen(folder.resolve("joins.flv"));
    assertThat(joined.get(0).video() && joined.get(0).key()).isTrue();
    List<Seen> videos = all.stream().filter(Seen::video).toList();
    int keyframe = joinedAt;
    while (!videos.get(keyframe).key()) {
      keyframe++;
    }
    assertThat(pictures(joined)).isEqualTo(allPictures.subList(keyframe, allPictures.size()));
  }
}
