package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Natives;
import babelmux.media.Packet;
import babelmux.media.Source;
import babelmux.media.SourceOptions;
import babelmux.media.TrackKind;
import babelmux.worker.output.OutputBranch;
import babelmux.worker.output.OutputFormats;
import babelmux.worker.output.OutputPacket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packets of a file through the line of a live relay, in virtual time. */
class RelayLineTest {
  private static final String FILM =
      Path.of("..", "fixtures", "30s-counting-english.mp4").toString();
  private static final long START_US = SessionOptions.LIVE_START.toNanos() / 1000;

  /** A packet without its memory. */
  private record Seen(boolean video, long ptsUs, long dtsUs, int hash, int size) {
    static Seen of(Packet packet, long ptsUs, long dtsUs) {
      return new Seen(
          packet.kind() == TrackKind.VIDEO,
          ptsUs,
          dtsUs,
          Arrays.hashCode(packet.bytes()),
          packet.size());
    }
  }

  private final List<String> begun = new ArrayList<>();
  private final List<Seen> sent = new ArrayList<>();
  private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
  private final SessionListener listener =
      new SessionListener() {
        @Override
        public void dropped(DropReason reason, long packets) {
          dropped.merge(reason, packets, Long::sum);
        }
      };
  private final OutputBranch branch =
      new OutputBranch() {
        @Override
        public void begin(OutputFormats formats) {
          begun.add(formats.video() + ", " + formats.audio());
        }

        @Override
        public void write(OutputPacket packet) {
          sent.add(Seen.of(packet.packet(), packet.ptsUs(), packet.dtsUs()));
        }

        @Override
        public void beginFinish() {}

        @Override
        public boolean awaitFinish(Duration limit) {
          return true;
        }

        @Override
        public void close() {}
      };
  private final DestinationGroup group = new DestinationGroup(List.of(branch), System::nanoTime);
  private final List<Seen> read = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // before each test
  private RelayLine line;

  @SuppressWarnings("NullAway.Init") // before each test
  private Source source;

  private long nowUs;

  @BeforeEach
  void open() throws Exception {
    RelayOptions options = new RelayOptions(false, Duration.ofSeconds(20), Duration.ofSeconds(5));
    SourceClock clock =
        new SourceClock() {
          @Override
          public long elapsedUs(long sourceDtsUs, long nowNanos) {
            return nowNanos / 1000;
          }

          @Override
          public void placed(TimedPacket packet, boolean newRun, long nowNanos) {}
        };
    line =
        new RelayLine(
            options,
            clock,
            new TrackOrder(options.maxApart().toNanos() / 1000),
            new RelayPace(false, System::nanoTime),
            group,
            listener);
    source = Source.open(FILM, SourceOptions.defaults());
  }

  @AfterEach
  void nothingLeaks() {
    source.close();
    group.close();
    line.close();
    assertThat(Natives.live()).isZero();
  }

  /** Reads up to a time of the film; gives the line what is wanted. */
  private void play(long untilUs, ToLongFunction<Packet> fromUs) throws Exception {
    for (Packet next = source.read(); next != null; next = source.read()) {
      boolean video = next.kind() == TrackKind.VIDEO;
      boolean last = next.dtsUs() >= untilUs;
      if (next.dtsUs() < fromUs.applyAsLong(next)) {
        next.close();
      } else {
        nowUs = Math.max(nowUs, next.dtsUs());
        read.add(Seen.of(next, next.ptsUs(), next.dtsUs()));
        line.accept(next, video ? source.video() : source.audio(), nowUs * 1000);
      }
      if (last) {
        return;
      }
    }
  }

  private void sentIs(List<Seen> wanted) {
    long offsetUs = sent.get(0).dtsUs() - wanted.stream().mapToLong(Seen::dtsUs).min().orElse(0);
    List<Seen> moved =
        wanted.stream()
            .map(
                seen ->
                    new Seen(
                        seen.video(),
                        seen.ptsUs() + offsetUs,
                        seen.dtsUs() + offsetUs,
                        seen.hash(),
                        seen.size()))
            .toList();
    assertThat(sent).containsExactlyInAnyOrderElementsOf(moved);
    assertThat(sent).isSortedAccordingTo((a, b) -> Long.compare(a.dtsUs(), b.dtsUs()));
  }

  @Test
  void everythingLeavesAsItIsInTheOrderOfItsTimes() throws Exception {
    play(Long.MAX_VALUE, packet -> Long.MIN_VALUE);
    int beforeTheEnd = sent.size();
    line.finish();
    assertThat(read.size() - beforeTheEnd).as("what waited for the other track").isLessThan(12);
    assertThat(read).hasSizeGreaterThan(2000);
    sentIs(read);
    assertThat(sent.get(0).dtsUs()).isBetween(START_US - 100_000, START_US + 100_000);
    assertThat(begun).containsExactly("h264 1280x720, aac 48000 Hz 2 ch");
    assertThat(dropped).isEmpty();
  }

  @Test
  void audioFromBeforeTheFirstKeyframeIsMostlyLeftOutAndCounted() throws Exception {
    line.announced(TrackKind.AUDIO);
    line.announced(TrackKind.VIDEO);
    play(6_000_000, packet -> packet.kind() == TrackKind.VIDEO ? 3_000_000 : Long.MIN_VALUE);
    line.finish();
    assertThat(begun).containsExactly("h264 1280x720, aac 48000 Hz 2 ch");
    Seen firstVideo = sent.stream().filter(Seen::video).findFirst().orElseThrow();
    assertThat(firstVideo.dtsUs() - sent.get(0).dtsUs()).isBetween(300_000L, 600_000L);
    assertThat(dropped).containsOnlyKeys(DropReason.BEFORE_KEYFRAME);
    assertThat((long) read.size()).isEqualTo(sent.size() + dropped.values().iterator().next());
  }

  @Test
  void audioAloneBeginsAfterASecondAndLosesNothing() throws Exception {
    line.announced(TrackKind.AUDIO);
    play(900_000, packet -> packet.kind() == TrackKind.VIDEO ? Long.MAX_VALUE : Long.MIN_VALUE);
    assertThat(sent).isEmpty();
    play(5_000_000, packet -> packet.kind() == TrackKind.VIDEO ? Long.MAX_VALUE : Long.MIN_VALUE);
    line.finish();
    assertThat(begun).containsExactly("null, aac 48000 Hz 2 ch");
    sentIs(read);
  }

  @Test
  void aSourceThatWasAwayGoesOnWithTheSameTimes() throws Exception {
    play(4_000_000, packet -> Long.MIN_VALUE);
    line.sourceLost();
    assertThat(sent).as("what waited has left").hasSameSizeAs(read);
    play(10_000_000, packet -> 7_000_000);
    line.finish();
    sentIs(read);
    assertThat(begun).hasSize(1);
  }

  @Test
  void aStreamThatIsOverAtOnceLeavesAllTheSame() throws Exception {
    play(500_000, packet -> packet.kind() == TrackKind.VIDEO ? Long.MAX_VALUE : Long.MIN_VALUE);
    line.sourceLost();
    assertThat(sent).isEmpty();
    line.finish();
    sentIs(read);
  }
}
